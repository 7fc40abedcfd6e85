import FuzzSupport
import Testing

@testable import Configuration

/// Configuration files: bytes, then YAML, then keys.
@Suite struct ConfigurationFuzzTests {
    private static let keys = [
        ConfigurationKey(name: "depth", documentation: "", section: "Network", arity: .value),
        ConfigurationKey(name: "tag", documentation: "", section: "Run", arity: .list),
        ConfigurationKey(name: "quiet", documentation: "", section: "Output", arity: .flag),
    ]

    private static let corpus = [
        "depth: 20\ntag: [one, \"two, three\"]\nquiet: true\n",
        "# comment\n---\ndepth: &a 56\ntag: [*a, *a]\n",
        "depth: >\n  folded\n  text\ntag:\n  - a\n  - 'b''c'\n", "? depth\n: !!str 20\n",
        "\u{FEFF}quiet: false\n",
        "{depth: 20, tag: [a, b]}\n",
    ].map { Array($0.utf8) }

    private static let words = [
        "depth", "tag:", "quiet: ", "true", "&a ", "*a", "- ", "? ", ": ", "[", "{", "]", "}", "|", ">",
        "!!binary ",
        "!<tag:yaml.org,2002:str> ", "%YAML 1.2\n", "---\n", "...\n", "<<: ", "\"\\x", "\"\\U0010FFFF\"", "'",
        "\n  ", "\t",
        "\u{2028}", "\u{85}", "[[[[[[[[[[[[[[[[", "- - - - - - - - ",
    ].map { Array($0.utf8) }

    @Test func files() throws {
        try FuzzCampaign("configuration", .cheap).run(
            corpus: Self.corpus, dictionary: Self.words, refusals: [ConfigurationError.self]
        ) { bytes in
            let text = String(decoding: try TextInput.checked(bytes, path: "f"), as: UTF8.self)
            let configuration = try ConfigurationFile.parse(
                text, path: "f", keys: Self.keys, allowsLists: true)
            for setting in configuration.settings {
                #expect(Self.keys.contains(setting.key) && !setting.values.isEmpty)
            }
        }
    }
}
