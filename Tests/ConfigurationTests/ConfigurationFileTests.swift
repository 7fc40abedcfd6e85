import Configuration
import Foundation
import Testing

struct ConfigurationFileTests {
    @Test("Settings keep their order, lines and exact words")
    func settings() throws {
        let text = """
            # a comment
            shortcut: gate-exclusive:-6
            depth: 0056   # a number is a word like any other

            tag: [one, "two, three"]
            quiet: true
            data: "no"
            """
        let configuration = try ConfigurationFile.parse(text, path: "f", keys: Keys.all)
        #expect(configuration.settings.map(\.key.name) == ["shortcut", "depth", "tag", "quiet", "data"])
        #expect(configuration.settings.map(\.line) == [2, 3, 5, 6, 7])
        #expect(
            configuration.words == [
                "--shortcut=gate-exclusive:-6", "--depth=0056", "--tag=one", "--tag=two, three", "--quiet",
                "--data=no",
            ])
    }

    @Test("A file that says nothing sets nothing", arguments: ["", "# nothing\n", "---\n", "\n\n"])
    func empty(text: String) throws {
        #expect(try ConfigurationFile.parse(text, path: "f", keys: Keys.all).words == [])
    }

    @Test("A flag that is not set has no word")
    func unsetFlag() throws {
        #expect(try ConfigurationFile.parse("quiet: false", path: "f", keys: Keys.all).words == [])
    }

    @Test("A list is allowed where the command takes lists")
    func lists() throws {
        let configuration = try ConfigurationFile.parse(
            "depth: [20, 56]", path: "f", keys: Keys.all, allowsLists: true)
        #expect(configuration.words == ["--depth=20", "--depth=56"])
    }

    static let refusals: [(text: String, sentence: String)] = [
        (
            "depth: 20\nshortcutt: none\n",
            "f, line 2: unknown key “shortcutt”; did you mean shortcut? Known are: depth, shortcut, data, tag, quiet."
        ),
        ("\n\nxyz: 1", "f, line 3: unknown key “xyz”. Known are: depth, shortcut, data, tag, quiet."),
        ("depth: 20\ndata: noise\ndepth: 56", "f, line 3: the key “depth” stands there a second time."),
        ("depth:\n", "f, line 1: “depth” has no value."),
        ("data: ''\n", "f, line 1: “data” has no value."),
        ("tag: []\n", "f, line 1: “tag” has no value."),
        ("depth: [20, 56]", "f, line 1: “depth” takes one value here, not a list."),
        ("depth: {a: 1}", "f, line 1: “depth” needs a value or a list of values."),
        ("tag: [[a]]", "f, line 1: “tag” needs a value or a list of values."),
        ("quiet: yes", "f, line 1: “quiet” is true or false, not “yes”."),
        ("- depth", "f holds no lines of the form “key: value”."),
        ("depth 20", "f holds no lines of the form “key: value”."),
    ]

    @Test("What cannot be used is refused in one sentence, with its line", arguments: refusals)
    func refusal(text: String, sentence: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, path: "f", keys: Keys.all)
        }
        #expect(error?.description == sentence)
    }

    // The rest of the sentence is the library's.
    @Test(
        "What is no YAML is refused with the line where that shows",
        arguments: [
            ("depth: 20\nshortcut: [a\nquiet: true", "f, line 3: this is no YAML"),
            ("depth: \"20", "f, line 1: this is no YAML"), ("\u{1}", "f: this is no YAML"),
            ("a: b: c", "f, line 1: this is no YAML"), ("depth: *x", "f, line 1: this is no YAML"),
        ])
    func noYAML(text: String, beginning: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, path: "f", keys: Keys.all)
        }
        #expect(error?.description.hasPrefix(beginning) == true, "\(error?.description ?? "nothing")")
    }

    @Test("A file that cannot be read says why")
    func unreadable() {
        for (path, reason) in [
            ("/nowhere/f", "No such file or directory"), ("/", "it is not a regular file"),
            ("/dev/zero", "it gives more than the 1048576 bytes that are read here"),
        ] {
            #expect(throws: ConfigurationError.unreadable(path, reason: reason)) {
                try ConfigurationFile.read(path: path, keys: Keys.all)
            }
        }
    }

    static let foreign: [(bytes: [UInt8], sentence: String)] = [
        (
            Array("depth: 20\ndata: caf".utf8) + [0xE9, 0x0A],
            "f, line 2: at byte 19 0xE9 is not UTF-8 there; save it as UTF-8 text."
        ),
        (
            [0xFF, 0xFE] + Array("d\0e\0".utf8),
            "f, line 1: at byte 0 the file is UTF-16; save it as UTF-8 text."
        ),
        (
            Array("d\0e\0".utf8),
            "f, line 1: at byte 1 there is a NUL, as in UTF-16 and in files that are not text; save it as UTF-8 text."
        ),
        (
            Array("depth: \u{1B}[31m20".utf8),
            "f, line 1: at byte 7 there is the control character 0x1B; save it as UTF-8 text."
        ),
    ]

    @Test("Bytes that are no text are refused with their place", arguments: foreign)
    func bytes(bytes: [UInt8], sentence: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try ScratchFile.read(bytes) }
        #expect(error?.description.replacing(/^.*?, line/, with: "f, line") == sentence)
    }

    @Test("A byte order mark of UTF-8 is no part of the text")
    func byteOrderMark() throws {
        #expect(try ScratchFile.read([0xEF, 0xBB, 0xBF] + Array("depth: 20".utf8)).words == ["--depth=20"])
    }

    @Test("A file that is too long is refused with both lengths")
    func tooLong() {
        let error = #expect(throws: ConfigurationError.self) {
            try ScratchFile.read(Array(repeating: UInt8(ascii: "\n"), count: 1 << 20 + 1))
        }
        #expect(error?.description.contains("1048577 bytes long, and at most 1048576") == true)
    }

    @Test("What is nested too deep is refused with its line", arguments: ["[", "{a: ", "- ", "? "])
    func tooDeep(opening: String) {
        #expect(throws: ConfigurationError.tooDeep("f", line: 2, limit: 1000)) {
            try ConfigurationFile.parse(
                "# deep\n" + String(repeating: opening, count: 60_000), path: "f", keys: Keys.all)
        }
    }

    @Test("Aliases of aliases that stand for 10⁹ keys are refused at once")
    func manyAliases() {
        let levels = (1..<9).map { level in
            "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
                + "]"
        }
        let text = (["a0: &a0 [x, y]"] + levels + ["? *a8", ": 1"]).joined(separator: "\n")
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, path: "f", keys: Keys.all)
        }
        #expect(error?.description == "f: this is no YAML: it has more than 12 aliases (*name).")
    }

    @Test("Stars that name nothing are no aliases")
    func stars() throws {
        let comments = (0..<20).map { "  # * point \($0), or *this\n" }.joined()
        let text =
            comments + "tag: [\"* *\", a*b]\n" + String(repeating: "# ** *\n", count: 20) + "depth: 20\n"
        let configuration = try ConfigurationFile.parse(text, path: "f", keys: Keys.all)
        #expect(configuration.words == ["--tag=* *", "--tag=a*b", "--depth=20"])
    }

    @Test(
        "A comment ends with its line, whichever way that ends",
        arguments: ["\n", "\r", "\u{85}", "\u{2028}"])
    func linesEnd(lineBreak: String) {
        let text = "tag: &a [x]\n# comment\(lineBreak)depth: [" + String(repeating: "*a, ", count: 13) + "]"
        #expect(
            throws: ConfigurationError.notYAML(
                path: "f", line: nil, reason: "it has more than 12 aliases (*name)")
        ) {
            try ConfigurationFile.parse(text, path: "f", keys: Keys.all)
        }
    }
}

/// A configuration file of some bytes, for as long as it is read.
private enum ScratchFile {
    @discardableResult
    static func read(_ bytes: [UInt8]) throws -> RunConfiguration {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try ConfigurationFile.read(path: file.path, keys: Keys.all)
    }
}
