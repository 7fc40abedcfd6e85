import Foundation
import Reporting
import Training

/// `curve.csv`: one line a point of the training curve, each written whole and at once, so that it can be followed
/// while the run goes on.
final class CurveFile {
    static let name = "curve.csv"
    private let path: String
    private let handle: FileHandle

    /// Begins anew with what a run has so far: lines that a killed run wrote after its last checkpoint come again.
    ///
    /// - Throws: `OutputError`.
    init(path: String, _ report: TrainingReport) throws {
        self.path = path
        try TextFile(path: path).write(report.csv())
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw OutputError.failed(path: path, reason: OutputError.systemReason)
        }
        self.handle = handle
        _ = try handle.seekToEnd()
    }

    func append(_ point: TrainingPoint, _ evaluation: Evaluation?) throws {
        do {
            try handle.write(contentsOf: Data(TrainingReport.csvLine(point, evaluation).utf8))
        } catch {
            throw OutputError.failed(path: path, reason: OutputError.reason(error))
        }
    }
}
