import NumericalMethods

/// The words of a command line taken apart: settings of known options, and the operands between them.
public struct CommandLineScan: Sendable, Equatable {
    public private(set) var configuration = RunConfiguration()
    /// Words that belong to no option.
    public private(set) var operands: [String] = []

    /// - Parameter keys: the options that may be set.
    /// - Throws: `ConfigurationError` for an unknown option or one without its value.
    public init(_ words: [String], keys: [ConfigurationKey]) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                operands.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = try Self.key(named: String(parts[0]), in: keys)
            let given = parts.count > 1 ? String(parts[1]) : nil
            configuration.settings.append(try Self.setting(key, given: given, rest: &rest))
        }
    }

    private static func setting(
        _ key: ConfigurationKey, given: String?, rest: inout ArraySlice<String>
    ) throws -> RunConfiguration.Setting {
        if key.arity == .flag {
            guard given == nil else { throw ConfigurationError.unexpectedValue(option: key.name) }
            return .init(key, ["true"])
        }
        guard let value = given ?? rest.popFirst() else {
            throw ConfigurationError.missingValue(option: key.name)
        }
        return .init(key, [value])
    }

    private static func key(named name: String, in keys: [ConfigurationKey]) throws -> ConfigurationKey {
        if let key = keys.first(where: { $0.name == name }) { return key }
        throw ConfigurationError.unknownOption(
            word: "--\(name)", closest: ClosestMatch.find(name, in: keys.map(\.name)))
    }
}
