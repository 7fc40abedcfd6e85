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

    /// Exit codes besides 0 and ArgumentParser's 64.
    private static let checkFailed = ExitCode(1)
    private static let couldNotMeasure = ExitCode(2)

    /// Refuses words and numbers that make no request, before anything is read or written.
    mutating func validate() throws {
        do {
            _ = try AnalysisRequest(network: networkOptions, run: runOptions)
        } catch let error where AnalysisRequest.isWrongUsage(error) {
            throw ValidationError("\(error)")
        } catch {
            // A file that cannot be read is no wrong usage: `run` meets it again.
        }
    }

    func run() throws {
        do {
            var request = try AnalysisRequest(network: networkOptions, run: runOptions)
            request.measurements = try measureOptions.requests
            let outputs = try ResultWriter(outputOptions)
            let allChecksHold =
                switch runOptions.precision {
                case .single: try request.measure(in: Float.self, reportingTo: outputs)
                case .double: try request.measure(in: Double.self, reportingTo: outputs)
                }
            if !allChecksHold { throw Self.checkFailed }
        } catch let exit as ExitCode {
            throw exit
        } catch {
            StandardStream.complain("\(error)")
            throw Self.couldNotMeasure
        }
    }
}
