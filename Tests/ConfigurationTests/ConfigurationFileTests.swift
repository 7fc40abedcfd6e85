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
        for (path, reason) in [("/nowhere/f", "No such file or directory"), ("/", "it is a folder")] {
            #expect(throws: ConfigurationError.unreadable(path: path, reason: reason)) {
                try ConfigurationFile.read(path: path, keys: Keys.all)
            }
        }
    }

    @Test("Bytes that are no text are refused, not trapped on")
    func bytes() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data((0...255).map { UInt8($0) }).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.read(path: file.path, keys: Keys.all)
        }
    }
}
