/// A report in every form it can take. Making one has no side effects; writing it is the caller's work.
public protocol Report: Sendable {
    /// The run that it tells of.
    var manifest: RunManifest { get }
    /// The files of a report directory.
    func files() -> [ReportBundle.File]
    /// The machine-readable report.
    func json() -> String
    /// Its table.
    func csv() -> String
    /// The report on one screen.
    func terminal(_ style: TerminalStyle) -> String
}
