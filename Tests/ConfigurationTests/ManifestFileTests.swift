import Configuration
import Foundation
import Testing

struct ManifestFileTests {
    private static func manifest(_ text: String) throws -> ManifestFile {
        try ManifestFile(json: Array(text.utf8), path: "f")
    }

    @Test("A manifest and a report with a manifest in it say the same")
    func bothFiles() throws {
        let members =
            #""command": ["train", "--depth", "20"], "configuration": {"depth": "20", "data": "noise"}"#
        for (text, version) in [
            ("{\(members), \"files\": [\"a\"]}", nil),
            ("{\"schema_version\": \"1.0\", \"manifest\": {\(members)}, \"loss\": null}", "1.0"),
        ] {
            let manifest = try Self.manifest(text)
            #expect(manifest.command == ["train", "--depth", "20"])
            #expect(manifest.configuration == ["depth": "20", "data": "noise"])
            #expect(manifest.schemaVersion == version)
        }
    }

    @Test(
        "What no run writes is refused in a sentence",
        arguments: [
            ("", "it is no JSON"), ("[1]", "it is no JSON object"), ("{}", "it has no “configuration”"),
            (#"{"manifest": {}}"#, "it has no “configuration”"),
            (#"{"configuration": {"depth": 20}}"#, "its “depth” is not what a run writes there"),
            (#"{"configuration": ["depth"]}"#, "its “configuration” is not what a run writes there"),
            (#"{"configuration": {}, "command": [null]}"#, "is not what a run writes there"),
            (#"{"configuration": {"depth": "20"}"#, "it is no JSON"),
        ])
    func refusal(text: String, reason: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.manifest(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "nothing")")
        #expect(
            error?.description.hasPrefix("f cannot be read as the manifest or the report of a run") == true)
    }

    @Test("Nesting that would exhaust the stack is refused with its line")
    func tooDeep() {
        let text = "{\"configuration\": {},\n\"x\": " + String(repeating: "[", count: 1_000_000)
        #expect(throws: ConfigurationError.tooDeep("f", line: 2, limit: 64)) { try Self.manifest(text) }
        // Brackets in strings are no nesting.
        let string = "{\"configuration\": {\"title\": \"\\\"" + String(repeating: "[", count: 100) + "\"}}"
        #expect(throws: Never.self) { try Self.manifest(string) }
    }

    @Test("Bytes that are no text are refused with their place")
    func bytes() {
        #expect(
            throws: ConfigurationError.notText("f", line: 2, byte: 2, reason: "0xC3 is not UTF-8 there")
        ) {
            try ManifestFile(json: Array("{\n".utf8) + [0xC3, 0x28], path: "f")
        }
    }

    @Test("Only a regular file is read", arguments: ["/", "/dev/zero"])
    func notAFile(path: String) {
        #expect(throws: ConfigurationError.unreadable(path, reason: "it is not a regular file")) {
            try ManifestFile(path: path)
        }
    }
}
