import Configuration
import Foundation
import Training

/// Trained weights as the words of a run of `analyze` name them.
struct NamedWeights: Sendable {
    let operand: String?
    /// Behind `--weights`.
    let option: String?

    init(operand: String?, option: String?) {
        self.operand = operand
        self.option = option
    }

    /// Those that a command line names which was not taken apart yet.
    init(in words: [String]) {
        func isOption(_ word: String) -> Bool { word.hasPrefix("-") }
        // Most command lines name none, and need not be taken apart twice.
        let mayName = words.contains { $0.hasPrefix("--weights") || !isOption($0) && Self.isThere($0) }
        let scan =
            mayName
            ? try? CommandLineScan(words, keys: AnalyzeCommand.keys() + ConfigurationOptions.keys) : nil
        self.init(
            operand: scan?.operands.first { !isOption($0) },
            option: scan?.configuration.values(of: "weights").last)
    }

    static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Whichever word says it.
    var path: String? { operand ?? option }

    /// - Throws: `OperandError`, `CheckpointError`.
    func opened() throws -> StoredWeights? {
        guard let operand else { return try option.map { try StoredWeights(path: $0) } }
        return switch try MeasuredOperand(operand) {
        case .weights(let weights): weights
        case .model: nil
        }
    }

    /// What the weights say of the run, to stand before what its own words say: their network, its data, and the precision
    /// that they are in. Nothing where none are named.
    ///
    /// - Throws: `OperandError`, `CheckpointError`.
    func settings() throws -> [RunConfiguration.Setting] {
        guard let weights = try opened() else { return [] }
        let precision: RunOptions.Precision = weights.isDouble ? .double : .single
        return try weights.settings(of: Self.keys())
            + AnalyzeCommand.keys().filter { $0.name == "precision" }.map { .init($0, [precision.rawValue]) }
    }

    /// The options that weights may set.
    static func keys() throws -> [ConfigurationKey] {
        try AnalyzeCommand.keys().filter {
            $0.section == NetworkOptions.title || ["data", "undecodable"].contains($0.name)
        }
    }
}

extension StoredWeights {
    /// What the weights say of a run, of the options that may be taken from them: what a file of anybody's says may choose
    /// the network and its data, and no more.
    func settings(of keys: [ConfigurationKey]) -> [RunConfiguration.Setting] {
        keys.compactMap { key in configuration[key.name].map { RunConfiguration.Setting(key, [$0]) } }
    }
}
