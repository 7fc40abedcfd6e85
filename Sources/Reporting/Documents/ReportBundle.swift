import Analysis

/// All files of a report directory, as text. Writing them is the caller's work.
public enum ReportBundle {
    /// One file, its path relative to the report's directory.
    public struct File: Sendable, Equatable {
        public let path: String
        public let contents: String
    }

    /// `report.html`, `report.md`, `figures/*.svg`, `report.json`, `units.csv`, a table for each measurement that
    /// was asked for, `manifest.json`.
    public static func files(
        _ result: AnalysisResult, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> [File] {
        let figures = Figure.all(result).map { File(path: path(of: $0), contents: $0.svg) }
        let files =
            [
                File(
                    path: "report.html",
                    contents: HTMLReport.text(result, manifest: manifest, assertions: assertions)),
                File(
                    path: "report.md",
                    contents: MarkdownReport.text(result, manifest: manifest, assertions: assertions)),
            ] + figures + [
                File(
                    path: "report.json",
                    contents: JSONReport.text(result, manifest: manifest, assertions: assertions)),
                File(path: "units.csv", contents: UnitTable.csv(result.units)),
            ] + MeasurementTables.files(result)
        return files.listed(with: manifest)
    }

    /// The file that describes a report's run and lists its files.
    public static let manifestName = "manifest.json"

    /// Where a figure's file stands.
    static func path(of figure: Figure) -> String { "\(ReportKind.figures)/\(figure.name).svg" }
}

extension [ReportBundle.File] {
    /// With `manifest.json`, which lists all of them: a later report in the same folder removes what it has no
    /// counterpart of.
    func listed(with manifest: RunManifest) -> [ReportBundle.File] {
        let names = map(\.path) + [ReportBundle.manifestName]
        return self + [
            .init(path: ReportBundle.manifestName, contents: JSONReport.text(manifest, files: names))
        ]
    }
}
