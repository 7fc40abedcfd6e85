import Analysis

/// The report of a sweep.
public struct SweepReport: Report {
    public let sweep: Sweep

    public init(_ sweep: Sweep) { self.sweep = sweep }

    public var manifest: RunManifest { sweep.manifest }
    public func json() -> String { SweepData.json(sweep) }
    public func csv() -> String { SweepData.csv(sweep) }
    public func terminal(_ style: TerminalStyle) -> String { SweepDocuments.terminal(sweep, style: style) }

    /// `report.html`, `report.md`, `figures/*.svg`, `sweep.json`, `cells.csv`, `manifest.json`.
    public func files() -> [ReportBundle.File] {
        let files: [ReportBundle.File] =
            [
                .init(path: "report.html", contents: SweepDocuments.html(sweep)),
                .init(path: "report.md", contents: SweepDocuments.markdown(sweep)),
            ] + sweep.figures.map { .init(path: ReportBundle.path(of: $0), contents: $0.svg) } + [
                .init(path: "sweep.json", contents: json()), .init(path: "cells.csv", contents: csv()),
            ]
        return files.listed(with: manifest)
    }
}
