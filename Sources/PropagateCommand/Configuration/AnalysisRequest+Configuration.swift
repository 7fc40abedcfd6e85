import ArgumentParser
import Configuration

extension AnalysisRequest {
    /// The request that `propagate analyze` would make of the same settings.
    ///
    /// - Throws: the parser's error, whose sentence `AnalyzeCommand.message(for:)` tells.
    init(_ configuration: RunConfiguration) throws {
        let weights = NamedWeights(operand: nil, option: configuration.values(of: "weights").last)
        let words = try RunConfiguration(weights.settings() + configuration.settings).words
        self = try AnalyzeCommand.parse(words).networkRequest()
    }
}
