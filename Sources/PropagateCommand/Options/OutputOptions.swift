import ArgumentParser

/// The options that say where a report goes, of one network or of several.
struct OutputOptions: ParsableArguments {
    /// Their heading in the help.
    static let title = "Output"

    @Option(
        help: ArgumentHelp(
            "Write report.html, report.md, figures, JSON, CSV and manifest.json.", valueName: "dir"))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Write the JSON report to a file, or to standard output with -.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Write its table as CSV to a file, or to standard output with -.", valueName: "file"))
    var csv: String?

    @Flag(help: "Print nothing on the terminal but what - asks for.")
    var quiet = false

    /// Standard output belongs to a machine-readable result.
    var ownsStandardOutput: Bool { json == "-" || csv == "-" }

    mutating func validate() throws {
        guard !(json == "-" && csv == "-") else {
            throw ValidationError("--json - and --csv - cannot both write to standard output.")
        }
    }
}
