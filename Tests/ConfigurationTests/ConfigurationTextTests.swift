import Configuration
import Testing

struct ConfigurationTextTests {
    @Test("Every key is explained under its heading; what nothing is said of is a comment")
    func text() throws {
        let scan = try CommandLineScan(["--depth", "56", "--quiet"], keys: Keys.all)
        let text = try ConfigurationText.text(scan.configuration, keys: Keys.all, head: ["A run."])
        #expect(
            text == """
                # A run.

                # Network

                # Weighted layers.
                depth: 56

                # h(x).
                # shortcut:

                # Run

                # Images.
                # data:

                # Words to remember.
                # tag:

                # Output

                # Print nothing.
                quiet: true

                """)
    }

    // Words that YAML would read as something else, or not at all.
    @Test(
        "Whatever was set comes back word for word",
        arguments: [
            "scale0.5,0.5", "gate-exclusive:-6", "a: b", "# no comment", "yes", "null", "~", "-", "- x",
            "[1, 2]",
            "{a}", "'single'", "\"double\"", "back\\slash", "two\nlines", "tab\there", " spaces ", "0x10",
            "1e3",
            "λ", "🙂", "*alias", "&anchor", "!tag", "%", "@x", "`x`", "|", ">", "?", ":", "", "cifar10:/a b/ü",
            String(repeating: "long word ", count: 40),
        ])
    func roundTrip(word: String) throws {
        guard !word.isEmpty else { return }
        let scan = try CommandLineScan(["--data", word, "--tag", word, "--tag", "x"], keys: Keys.all)
        let text = try ConfigurationText.text(scan.configuration, keys: Keys.all, head: [])
        let back = try ConfigurationFile.parse(text, path: "f", keys: Keys.all)
        #expect(back.values(of: "data") == [word])
        #expect(back.values(of: "tag") == [word, "x"])
    }
}
