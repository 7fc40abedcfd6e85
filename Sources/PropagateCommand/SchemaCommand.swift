import ArgumentParser
import Reporting

/// `propagate schema`: the JSON Schema of `report.json`.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema that report.json follows.")

    func run() { print(JSONSchema.text, terminator: "") }
}
