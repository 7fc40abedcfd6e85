import ArgumentParser
import Kernels

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
    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    /// Refuses words and numbers that make no request, before anything is read or written.
    mutating func validate() throws {
        if runOptions.seeds > 1, outputOptions.export != nil {
            throw ValidationError("--export writes one network, and --seeds asks for \(runOptions.seeds).")
        }
        if runOptions.seeds > 1, !(try measureOptions.requests.isEmpty) {
            throw ValidationError(
                "--measure looks into one network, and --seeds asks for \(runOptions.seeds).")
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
                try printConfiguration()
                return .held
            }
            let request = try request()
            let outputs = try ResultWriter(outputOptions)
            return switch runOptions.precision {
            case .single: try request.measure(in: Float.self, reportingTo: outputs)
            case .double: try request.measure(in: Double.self, reportingTo: outputs)
            }
        }
    }
}
