import Files
import Reporting
import Training

/// `curve.csv`: one line a point of the training curve, each written whole and at once, so that it can be followed
/// while the run goes on.
struct CurveFile {
    static let name = "curve.csv"
    private let file: GrowingFile<OutputError>

    /// Begins anew with what a run has so far: lines that a killed run wrote after its last checkpoint come again.
    ///
    /// - Throws: `OutputError`.
    init(path: String, _ report: TrainingReport) throws {
        file = try OutputFile<OutputError>.growing(from: report.csv(), at: path)
    }

    func append(_ point: TrainingPoint, _ evaluation: Evaluation?) throws {
        try file.append(TrainingReport.csvLine(point, evaluation))
    }
}
