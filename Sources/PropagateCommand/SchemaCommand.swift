import ArgumentParser
import Reporting

/// `propagate schema`: the JSON Schema of `report.json`, or of another kind of report.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema that report.json follows.")

    @Argument(
        help: ArgumentHelp(
            """
            report (one run), seeds, comparison, sweep, claims (verify), conformance (conform), confirmation (confirm), \
            training (train), evaluation (evaluate), inspection (inspect) or structure (conform of a model).
            """,
            valueName: "kind"))
    var kind = JSONSchema.Kind.report

    func run() throws {
        try RunOutcome.report {
            try StandardStream.print(JSONSchema.text(kind))
            return .held
        }
    }
}

extension JSONSchema.Kind: ExpressibleByArgument {}
