import FuzzSupport
import Reporting
import Testing

/// `manifest.json`, and the manifest in a report.
@Suite struct ManifestFuzzTests {
    private static let manifest = """
        {"command": ["train", "--depth", "20"], "version": "1.0", "commit": null, "libraries": {"Swift": "6"},
        "configuration": {"depth": "20", "shortcut": "scale0.5"}, "operating_system": "Linux", "processor": "x",
        "resumptions": [{"command": ["train"], "version": "1.0", "iteration": 3, "threads": 2,
        "options": {"keep": "2"}}], "files": ["a.svg"]}
        """

    private static let words = [
        "\"configuration\":", "\"manifest\":", "\"command\":", "{", "}", "[", "]", "[[[[[[[[[[[[[[[[",
        "{\"a\":{\"a\":",
        "null", "true", "-1", "1e308", "1e999", "9223372036854775808", "\"\\ud800\"", "\"\\u0000\"",
        "\u{FEFF}", "\\",
    ].map { Array($0.utf8) }

    @Test func files() throws {
        let corpus = [
            Self.manifest, "{\"schema_version\": \"1.0\", \"manifest\": \(Self.manifest), \"loss\": 2.5}",
        ]
        try FuzzCampaign("manifest", .moderate).run(
            corpus: corpus.map { Array($0.utf8) }, dictionary: Self.words,
            refusals: [ManifestFileError.self]
        ) {
            _ = try ManifestFile(json: $0, of: "f")
        }
    }

    @Test(arguments: ["[", "{\"a\":"])
    func nestingIsBounded(opening: String) {
        let deep = "{\"x\": " + String(repeating: opening, count: 1_000_000)
        #expect(throws: ManifestFileError.self) { try ManifestFile(json: Array(deep.utf8), of: "f") }
    }
}
