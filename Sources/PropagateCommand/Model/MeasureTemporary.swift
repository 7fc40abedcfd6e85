import ArgumentParser
import Reporting

struct MeasureTemporaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "measure-model")
    @Argument var path: String
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var runOptions: RunOptions
    @OptionGroup(title: MeasureOptions.title) var measureOptions: MeasureOptions
    @OptionGroup(title: OutputOptions.title) var outputOptions: OutputOptions
    @OptionGroup(title: OutputOptions.title) var terminalOptions: TerminalOptions
    @Option var shortcut: String?

    func run() throws {
        try RunOutcome.report {
            let request = try ModelRequest(
                path: path, options: modelOptions, shortcuts: shortcut, run: runOptions,
                measurements: measureOptions.requests)
            let outputs = try ResultWriter(.analysis, outputOptions, isVerbose: terminalOptions.verbose)
            return try request.measure(in: runOptions.precision.scalar, reportingTo: outputs)
        }
    }
}
