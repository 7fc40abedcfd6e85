import Configuration
import Expressions
import Files
import Foundation
import NumericalMethods
import ResidualNetworks

/// A word that names one network of a comparison: what it changes in the run that all share.
enum NetworkSpecification {
    /// The settings that a word stands for: a depth, a unit, a block, a shortcut, `option=value`, or the path of
    /// a configuration file or of trained weights.
    static func settings(of word: String, keys: [ConfigurationKey]) throws -> RunConfiguration {
        if Int(word) != nil { return try setting("depth", word, keys) }
        if UnitLayout.paper.contains(where: { $0.name == word }) { return try setting("unit", word, keys) }
        if BlockDesign.paper.contains(where: { $0.name == word }) { return try setting("block", word, keys) }
        if isShortcut(word) { return try setting("shortcut", word, keys) }
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2, parts[0].allSatisfy({ $0.isLetter || $0 == "-" }) {
            return try setting(parts[0], parts[1], keys)
        }
        if isWeights(word) { return try setting("weights", word, keys) }
        if isPath(word) { return try file(word, keys) }
        throw try misunderstood(word)
    }

    private static func setting(
        _ name: String, _ value: String, _ keys: [ConfigurationKey]
    ) throws -> RunConfiguration {
        try CommandLineScan(["--\(name)=\(value)"], keys: keys).configuration
    }

    /// A formula that cannot be read is one too: it may have names that the options give numbers.
    private static func isShortcut(_ word: String) -> Bool {
        do {
            _ = try ShortcutVocabulary.paper.shortcut(for: word)
            return true
        } catch { return error is SyntaxError }
    }

    /// A folder can be nothing else.
    static func isWeights(_ word: String) -> Bool { Folder.exists(word) || word.hasSuffix(".safetensors") }

    static func isPath(_ word: String) -> Bool {
        word.contains("/") || [".yaml", ".yml"].contains { word.hasSuffix($0) }
            || FileManager.default.fileExists(atPath: word)
    }

    /// A whole configuration may also say where results go; a comparison has its own say in that.
    private static func file(_ path: String, _ keys: [ConfigurationKey]) throws -> RunConfiguration {
        let configuration = try SettingsFile.read(path: path, for: AnalyzeCommand.self)
        return RunConfiguration(configuration.settings.filter { keys.contains($0.key) })
    }

    /// A shortcut with a wrong argument is told what it needs; any other word what there is.
    private static func misunderstood(_ word: String) throws -> any Error {
        do {
            _ = try ShortcutVocabulary.paper.shortcut(for: word)
        } catch let error as VocabularyError {
            if case .unknown = error {} else { return error }
        }
        let shortcuts = ShortcutVocabulary.paper.words.map(\.pattern)
        let others = UnitLayout.paper.map(\.name) + BlockDesign.paper.map(\.name)
        return SpecificationError.unknown(
            word, closest: ClosestMatch.find(word, in: others + shortcuts), shortcuts: shortcuts,
            units: UnitLayout.paper.map(\.name), blocks: BlockDesign.paper.map(\.name))
    }
}

/// Why the words of a comparison or a sweep name nothing to measure.
enum SpecificationError: Error, Equatable, CustomStringConvertible {
    case unknown(String, closest: String?, shortcuts: [String], units: [String], blocks: [String])
    case tooFew(Int)
    case repeated(String)
    /// What the analysis says of the settings that a word amounts to.
    case impossible(String, reason: String)

    var description: String {
        switch self {
        case .unknown(let word, let closest, let shortcuts, let units, let blocks):
            "“\(word)” names no network" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " A network is named by a shortcut (\(shortcuts.joined(separator: ", "))), a unit "
                + "(\(units.joined(separator: ", "))), a block (\(blocks.joined(separator: ", "))), a depth, "
                + "option=value, a configuration file, or trained weights."
        case .tooFew(let count):
            "A comparison needs at least two networks, and \(count == 0 ? "none is" : "one is") named."
        case .repeated(let word): "“\(word)” is named twice."
        case .impossible(let word, let reason): "\(word): \(reason)"
        }
    }
}
