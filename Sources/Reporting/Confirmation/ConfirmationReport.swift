import Analysis
import Confirmation

/// The report of a confirmation.
public struct ConfirmationReport: Report {
    public let result: ConfirmationResult
    public let manifest: RunManifest

    public init(_ result: ConfirmationResult, manifest: RunManifest) {
        self.result = result
        self.manifest = manifest
    }

    public func json() -> String { ConfirmationJSON.fields.object(of: self).text }
    public func csv() -> String { ConfirmationJSON.csv(result) }
    public func terminal(_ style: TerminalStyle) -> String {
        ConfirmationDocuments.terminal(self, style: style)
    }

    /// `report.html`, `report.md`, `figures`, `confirmation.json`, `cells.csv`, `manifest.json`.
    public func files() -> [ReportBundle.File] {
        let figures = Figure.all(result)
        let files: [ReportBundle.File] =
            [
                .init(path: "report.html", contents: ConfirmationDocuments.html(self)),
                .init(path: "report.md", contents: ConfirmationDocuments.markdown(self)),
            ] + figures.map { .init(path: ReportBundle.path(of: $0), contents: $0.svg) } + [
                .init(path: "confirmation.json", contents: json()), .init(path: "cells.csv", contents: csv()),
            ]
        return files.listed(with: manifest)
    }
}
