import Yams

/// Writes a configuration as a file that explains itself.
public enum ConfigurationText {
    /// Every key under its heading, with its meaning; one that nothing is said of stands there as a comment.
    ///
    /// - Parameter head: lines of comment to begin with.
    public static func text(
        _ configuration: RunConfiguration, keys: [ConfigurationKey], head: [String]
    ) throws -> String {
        var text = head.map { "# \($0)\n" }.joined()
        var section = ""
        for key in keys {
            if key.section != section {
                section = key.section
                text += "\n# \(section)\n"
            }
            text += "\n# \(key.documentation)\n" + (try line(key, configuration.values(of: key.name)))
        }
        return text
    }

    private static func line(_ key: ConfigurationKey, _ values: [String]) throws -> String {
        guard let last = values.last else { return "# \(key.name):\n" }
        guard values.count > 1 else { return "\(key.name): \(try scalar(last))\n" }
        return "\(key.name): [\(try values.map(scalar).joined(separator: ", "))]\n"
    }

    /// The word as YAML, in quotes where it would otherwise be something else.
    private static func scalar(_ word: String) throws -> String {
        let isPlain = word.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "._/+-".contains($0) }
        guard !isPlain || word.isEmpty || word == "-" else { return word }
        let node = Node(word, .implicit, .doubleQuoted)
        return try serialize(node: node, width: -1, allowUnicode: true)
            .trimmingSuffix { $0.isNewline }
    }
}

extension String {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, condition(last) { rest.removeLast() }
        return String(rest)
    }
}
