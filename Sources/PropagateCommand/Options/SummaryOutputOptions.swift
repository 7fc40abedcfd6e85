import ArgumentParser

/// The options that say where the report of several networks goes.
struct SummaryOutputOptions: ParsableArguments {
    /// Their heading in the help.
    static let title = "Output"

    @Option(
        help: ArgumentHelp("Write report.html, report.md, figures and data files.", valueName: "dir"))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Write the JSON report to a file, or to standard output with -.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Write the table as CSV to a file, or to standard output with -.", valueName: "file"))
    var csv: String?

    @Flag(help: "Print nothing on the terminal but what - asks for.")
    var quiet = false

    mutating func validate() throws {
        guard !(json == "-" && csv == "-") else {
            throw ValidationError("--json - and --csv - cannot both write to standard output.")
        }
    }
}
