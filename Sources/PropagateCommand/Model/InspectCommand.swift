import ArgumentParser
import Reporting

/// `propagate inspect`: what was found in a model of a file, before anything is measured.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "List the residual units found in a model of a file.",
        usage: "propagate inspect <model> [<options>]",
        discussion: """
            Reads an ONNX file of any framework and lists its units (h, F and f), stem, head and stacks, the sums that \
            are no units and why, its operators, and what a measurement will take. Values are named as in the file; \
            what is found can be overruled by these names.

              propagate inspect model.onnx
              propagate inspect model.onnx --dim tokens=128 --json -
              propagate inspect model.onnx --not-a-unit add_7 --shortcut add_12=relu_3

            Exit codes: 0 units found, 2 none found or the file cannot be read, 64 usage.
            """)

    @Argument(help: ArgumentHelp("An ONNX file.", valueName: "model"))
    var path: String

    @OptionGroup(title: ModelOptions.title) var modelOptions: ModelOptions

    @Option(
        help: ArgumentHelp(
            "Operands that are h of a merge: MERGE=OPERAND[,OPERAND]; several behind semicolons.",
            valueName: "words"))
    var shortcut: String?

    @OptionGroup(title: RunOptions.title) var runOptions: RunOptions

    @Option(
        help: ArgumentHelp("Write what was found as JSON, or to standard output with -.", valueName: "file"))
    var json: String?

    mutating func validate() throws {
        try Usage.check { _ = try modelOptions.overrides(shortcuts: shortcut) }
        try OutputPlaces.requireApart { places in
            places.add(inputFile: path, of: "the model")
            places.add(inputFile: modelOptions.batchFile, of: "--batch-file")
            places.add(file: json, of: "--json")
        }
    }

    func run() throws {
        try RunOutcome.report {
            let file = try json.map(TextFile.init)
            let request = try ModelRequest(
                path: path, options: modelOptions, shortcuts: shortcut, data: nil, run: runOptions)
            let report = try request.inspection(in: runOptions.precision.scalar)
            try file?.write(InspectionJSONReport.text(report))
            if json != "-" {
                try StandardStream.print(
                    InspectionTerminalReport.text(report, style: TerminalSurroundings.style))
            }
            return .held
        }
    }
}
