import Analysis
import ArgumentParser
import Kernels
import Reporting

/// `propagate analyze`, the default: builds a network, measures it, reports.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Measure signal propagation through a residual network.",
        usage: "propagate [analyze] [<options>]")

    @OptionGroup(title: "Network") var networkOptions: NetworkOptions
    @OptionGroup(title: "Run") var runOptions: RunOptions
    @OptionGroup(title: MeasureOptions.title) var measureOptions: MeasureOptions
    @OptionGroup(title: AssertionOptions.title) var assertionOptions: AssertionOptions
    @OptionGroup(title: OutputOptions.title) var outputOptions: OutputOptions
    @OptionGroup(title: OutputOptions.title) var terminalOptions: TerminalOptions
    @OptionGroup(title: OutputOptions.title) var exportOptions: ExportOptions
    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    /// Refuses words and numbers that make no request, before anything is read or written.
    mutating func validate() throws {
        if runOptions.seeds > 1, exportOptions.export != nil {
            throw ValidationError("--export writes one network, and --seeds asks for \(runOptions.seeds).")
        }
        try OutputPlaces.requireApart { places in
            places.add(outputOptions, exporting: exportOptions)
            places.add(inputFile: configurationOptions.configuration, of: "--configuration")
            places.add(data: runOptions.data)
        }
        do {
            _ = try request()
        } catch let error where AnalysisRequest.isWrongUsage(error) {
            throw ValidationError("\(error)")
        } catch {
            // A file that cannot be read is no wrong usage: `run` meets it again.
        }
    }

    /// What the words ask for.
    func request() throws -> AnalysisRequest {
        try AnalysisRequest(
            network: networkOptions, run: runOptions, measurements: measureOptions.requests,
            assertions: assertionOptions.assertions)
    }

    func run() throws {
        try RunOutcome.report {
            guard !configurationOptions.printConfiguration else {
                try printConfiguration(
                    RunManifest(of: try request()).configuration.mapValues { [$0] })
                return .held
            }
            let request = try request()
            let outputs = try ResultWriter(
                .analysis, outputOptions, exporting: exportOptions, isVerbose: terminalOptions.verbose)
            return try request.measure(in: runOptions.precision.scalar, reportingTo: outputs)
        }
    }
}
