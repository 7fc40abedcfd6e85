import Files
import NumericalMethods
import Yams

/// A configuration in a YAML file: one `key: value` a line, with the options' names as keys.
public enum ConfigurationFile {
    /// - Parameters:
    ///   - keys: what may be said.
    ///   - allowsLists: whether every key may hold several values, as a sweep's do.
    /// - Throws: `ConfigurationError`, with the line where there is one to blame.
    public static func read(
        path: String, keys: [ConfigurationKey], allowsLists: Bool = false
    ) throws -> RunConfiguration {
        try parse(try text(path: path), path: path, keys: keys, allowsLists: allowsLists)
    }

    /// What a file holds, or what comes through a pipe or from a device until it ends.
    ///
    /// - Throws: `ConfigurationError`.
    public static func text(path: String) throws -> String {
        let bytes =
            isStream(path)
            ? try TextInput.checked(InputDevice<ConfigurationError>.read(path, limit: longest), path: path)
            : try TextInput.read(path, limit: longest)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a path names a pipe or a device, which can be read once.
    public static func isStream(_ path: String) -> Bool { InputDevice<ConfigurationError>.isOne(path) }

    /// The longest file that is read, in bytes: some hundred times that of all options with their comments.
    static let longest = 1 << 20
    /// The most aliases (`*name`) of one file. Each repeats what its anchor names, which may hold aliases too: n of them
    /// stand for 3^(n/3) values at most, and these are compared one by one where they are keys.
    private static let mostAliases = 12

    /// - Parameter path: what errors call the text.
    public static func parse(
        _ text: String, path: String, keys: [ConfigurationKey], allowsLists: Bool = false
    ) throws -> RunConfiguration {
        guard let root = try compose(text, path: path) else { return RunConfiguration() }
        // A document without contents is an empty word.
        guard root.scalar?.string.isEmpty != true else { return RunConfiguration() }
        guard let mapping = root.mapping else { throw ConfigurationError.notAMapping(path: path) }
        let reader = SettingReader(path: path, keys: keys, allowsLists: allowsLists)
        return RunConfiguration(try mapping.map { try reader.setting($0.key, $0.value) })
    }

    /// The document; `nil` for one that says nothing.
    private static func compose(_ text: String, path: String) throws -> Node? {
        guard aliases(in: text) <= mostAliases else {
            throw ConfigurationError.notYAML(
                path: path, line: nil, reason: "it has more than \(mostAliases) aliases (*name)")
        }
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw translated(error, of: text, path: path)
        }
    }

    /// Levels of nesting that the library reads.
    private static let deepest = 1000

    /// How many there are at most: quotation marks, and comments behind something else, are not looked at.
    private static func aliases(in text: String) -> Int {
        text.unicodeScalars.split { lineBreaks.contains($0) }.reduce(0) { count, line in
            guard line.first(where: { $0 != " " && $0 != "\t" }) != "#" else { return count }
            var (previous, beforeThat) = (Unicode.Scalar(" "), Unicode.Scalar(" "))
            return count
                + line.count { scalar in
                    defer { (beforeThat, previous) = (previous, scalar) }
                    return previous == "*" && isOfName(scalar) && mayPrecedeValue.contains(beforeThat)
                }
        }
    }

    /// Those of YAML 1.1.
    private static let lineBreaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    private static let mayPrecedeValue = Set(" \t[]{},?:-\u{FEFF}".unicodeScalars)

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    private static func translated(_ error: YamlError, of text: String, path: String) -> ConfigurationError {
        switch error {
        case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting level"):
            .tooDeep(path, line: mark.line, limit: deepest)
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            .notYAML(path: path, line: mark.line, reason: problem)
        case .reader(let problem, _, _, _): .notYAML(path: path, line: nil, reason: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            repetition(of: duplicates.first ?? "", in: text, path: path, start: context.mark.line)
        default: .notYAML(path: path, line: nil, reason: "it cannot be read")
        }
    }

    /// The library names the mapping's first line; the second line with the key is what a reader looks for.
    private static func repetition(
        of key: String, in text: String, path: String, start: Int
    ) -> ConfigurationError {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let places = lines.indices.filter { lines[$0].hasPrefix("\(key):") }
        return .repeatedKey(
            path: path, line: places.dropFirst().first.map { $0 + 1 } ?? start, key: key)
    }
}

/// Reads one pair of a mapping.
private struct SettingReader {
    let path: String
    let keys: [ConfigurationKey]
    let allowsLists: Bool

    func setting(_ name: Node, _ value: Node) throws -> RunConfiguration.Setting {
        let line = name.mark?.line ?? 1
        let key = try key(named: name.string ?? "", line: line)
        return RunConfiguration.Setting(key, try values(value, of: key, line: line), line: line)
    }

    private func key(named name: String, line: Int) throws -> ConfigurationKey {
        if let key = keys.first(where: { $0.name == name }) { return key }
        let known = keys.map(\.name)
        throw ConfigurationError.unknownKey(
            path: path, line: line, key: name, closest: ClosestMatch.find(name, in: known), known: known)
    }

    private func values(_ value: Node, of key: ConfigurationKey, line: Int) throws -> [String] {
        let values: [String]
        switch value {
        case .scalar(let scalar): values = [scalar.string]
        case .sequence(let sequence):
            guard allowsLists || key.arity == .list else {
                throw ConfigurationError.severalValues(path: path, line: line, key: key.name)
            }
            values = try sequence.map { element in
                guard let word = element.scalar?.string else {
                    throw ConfigurationError.notAValue(path: path, line: line, key: key.name)
                }
                return word
            }
        default: throw ConfigurationError.notAValue(path: path, line: line, key: key.name)
        }
        guard !values.isEmpty, values.allSatisfy({ !$0.isEmpty }) else {
            throw ConfigurationError.noValue(path: path, line: line, key: key.name)
        }
        if key.arity == .flag, let value = values.first(where: { $0 != "true" && $0 != "false" }) {
            throw ConfigurationError.notATruthValue(path: path, line: line, key: key.name, value: value)
        }
        return values
    }
}
