import ArgumentParser
import Kernels

/// `propagate analyze`, the default: builds a network, measures it, reports.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Measure signal propagation through a residual network.",
        usage: "propagate [analyze] [<options>]")

    @OptionGroup(title: "Network") var networkOptions: NetworkOptions
    @OptionGroup(title: "Run") var runOptions: RunOptions
    @OptionGroup(title: "Measurements") var measureOptions: MeasureOptions
    @OptionGroup(title: "Output") var outputOptions: OutputOptions
    @OptionGroup(title: "Assertions") var assertionOptions: AssertionOptions

    private static let couldNotMeasure = ExitCode(2)

    /// Refuses words and numbers that make no request, before anything is read or written.
    mutating func validate() throws {
        do {
            _ = try request()
        } catch let error where AnalysisRequest.isWrongUsage(error) {
            throw ValidationError("\(error)")
        } catch {
            // A file that cannot be read is no wrong usage: `run` meets it again.
        }
    }

    private func request() throws -> AnalysisRequest {
        try AnalysisRequest(network: networkOptions, run: runOptions, assertions: assertionOptions)
    }

    func run() throws {
        do {
            var request = try request()
            request.measurements = try measureOptions.requests
            let outputs = try ResultWriter(outputOptions)
            let outcome =
                switch runOptions.precision {
                case .single: try request.measure(in: Float.self, reportingTo: outputs)
                case .double: try request.measure(in: Double.self, reportingTo: outputs)
                }
            if outcome.exitCode != .success { throw outcome.exitCode }
        } catch let exit as ExitCode {
            throw exit
        } catch {
            StandardStream.complain("\(error)")
            throw Self.couldNotMeasure
        }
    }
}
