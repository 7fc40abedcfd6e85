import Analysis

/// The report of a comparison.
public struct ComparisonReport: Report {
    public let comparison: Comparison

    public init(_ comparison: Comparison) { self.comparison = comparison }

    public var manifest: RunManifest { comparison.manifest }
    public func json() -> String { ComparisonJSONReport.text(comparison) }
    public func csv() -> String { ComparisonTable.csv(comparison) }

    public func terminal(_ style: TerminalStyle) -> String {
        ComparisonTerminalReport.text(comparison, style: style)
    }

    /// `report.html`, `report.md`, `figures/*.svg`, `comparison.json`, `comparison.csv`, `manifest.json`.
    public func files() -> [ReportBundle.File] {
        let files: [ReportBundle.File] =
            [
                .init(path: "report.html", contents: ComparisonDocuments.html(comparison)),
                .init(path: "report.md", contents: ComparisonDocuments.markdown(comparison)),
            ] + Figure.all(comparison).map { .init(path: ReportBundle.path(of: $0), contents: $0.svg) } + [
                .init(path: "comparison.json", contents: json()),
                .init(path: "comparison.csv", contents: csv()),
            ]
        return files.listed(with: manifest)
    }
}
