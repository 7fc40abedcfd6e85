import ArgumentParser
import Configuration

extension AnalysisRequest {
    /// The request that `propagate analyze` would make of the same settings.
    ///
    /// - Throws: the parser's error, whose sentence `AnalyzeCommand.message(for:)` tells.
    init(_ configuration: RunConfiguration) throws {
        let command = try AnalyzeCommand.parse(configuration.words)
        self = try command.request()
    }
}
