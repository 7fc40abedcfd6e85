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
        return [
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
        ] + MeasurementTables.files(result) + [
            File(path: "manifest.json", contents: JSONReport.text(manifest))
        ]
    }

    /// Where a figure's file stands.
    static func path(of figure: Figure) -> String { "figures/\(figure.name).svg" }
}
