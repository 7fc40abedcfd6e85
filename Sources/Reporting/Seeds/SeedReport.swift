import Analysis

/// The report of one network measured with several seeds.
public struct SeedReport: Report {
    public let statistics: SeedStatistics
    public let manifest: RunManifest
    public let assertions: [AssertionFinding]

    public init(
        _ statistics: SeedStatistics, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) {
        self.assertions = assertions
        self.statistics = statistics
        self.manifest = manifest
    }

    public func json() -> String {
        SeedJSONReport.text(statistics, manifest: manifest, assertions: assertions)
    }
    public func csv() -> String { SeedTable.csv(statistics) }
    public func terminal(_ style: TerminalStyle) -> String {
        SeedTerminalReport.text(
            statistics, manifest: manifest, style: style, assertions: assertions)
    }

    /// `report.html`, `report.md`, `figures/*.svg`, `report.json`, `units.csv`, `manifest.json`, and
    /// `measurements.csv` where more was measured.
    public func files() -> [ReportBundle.File] {
        let figures = Figure.all(statistics)
        let files: [ReportBundle.File] =
            [
                .init(
                    path: "report.html",
                    contents: SeedHTMLReport.text(statistics, manifest: manifest, assertions: assertions)),
                .init(
                    path: "report.md",
                    contents: SeedMarkdownReport.text(statistics, manifest: manifest, assertions: assertions)),
            ] + figures.map { .init(path: ReportBundle.path(of: $0), contents: $0.svg) } + [
                .init(path: "report.json", contents: json()), .init(path: "units.csv", contents: csv()),
            ] + SeedMeasurements.files(statistics)
        return files.listed(with: manifest)
    }
}
