import Analysis
import Training

/// The report of a training run.
public struct TrainingReport: Report {
    public let result: TrainingResult
    public let manifest: RunManifest
    /// The command that goes on with an interrupted run, word by word.
    public let resumption: [String]

    /// - Parameter resumption: the command that goes on where the run was interrupted; the run's own unless given.
    public init(_ result: TrainingResult, manifest: RunManifest, resumption: [String]? = nil) {
        self.result = result
        self.manifest = manifest
        self.resumption = resumption ?? manifest.command
    }

    /// What an exploded run is told as.
    public static func sentence(for explosion: Explosion) -> String { TrainingWords.explosion(explosion) }
    /// Why the last test has no error; `nil` where it has one.
    public var untestable: String? { TrainingWords(result).untestable }

    public func json() -> String { TrainingJSON.fields.object(of: self).text }
    public func csv() -> String { TrainingCurve(result).csv }
    public func terminal(_ style: TerminalStyle) -> String {
        TrainingTerminalReport(self, style: style).text
    }

    /// `report.html`, `report.md`, `figures/*.svg`, `report.json`, `curve.csv`, `manifest.json`, and
    /// `propagation.csv` where it was measured.
    public func files() -> [ReportBundle.File] {
        let figures = Figure.all(result)
        let files: [ReportBundle.File] =
            [
                .init(path: "report.html", contents: TrainingDocuments.html(self)),
                .init(path: "report.md", contents: TrainingDocuments.markdown(self)),
            ] + figures.map { .init(path: ReportBundle.path(of: $0), contents: $0.svg) } + [
                .init(path: "report.json", contents: json()), .init(path: "curve.csv", contents: csv()),
            ]
            + (result.propagation.isEmpty
                ? [] : [.init(path: "propagation.csv", contents: PropagationTable.csv(result))])
        return files.listed(with: manifest)
    }
}
