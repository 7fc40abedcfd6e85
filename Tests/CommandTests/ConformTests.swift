import BuiltProgram
import TemporaryFolders
import Testing

/// `propagate conform` from the outside.
struct ConformTests {
    @Test("Layers, totals and differences on the terminal, within its columns", arguments: [80, 120])
    func terminal(columns: Int) throws {
        let terminal = PseudoTerminal(columns: UInt16(columns), rows: 45)
        let text = try terminal.run(["conform", "--depth", "164"]).replacing(#/\u{1B}\[[\d;]*m/#, with: "")
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= columns })
        #expect(text.contains("1,703,258 parameters"))
        #expect(text.contains("units 1–17, 17 alike"))
        #expect(text.contains("paper: no difference"))
        #expect(text.contains("authors-lua: 1 difference\n"))
        #expect(text.contains("the first 1×1; there the 3×3"))
    }

    @Test("Every layer stands in the JSON, and their parameters add up")
    func json() throws {
        let outcome = try Program.run("conform", "--json", "-")
        #expect(outcome.exitCode == 0 && outcome.errors == "")
        let json = try JSON(parsing: outcome.output)
        let layers = try #require(json["layers"]?.elements)
        #expect(layers.compactMap { $0["parameters"]?.number }.reduce(0, +) == 1_727_962)
        #expect(json["parameters"]?.number == 1_727_962)
        #expect(json["units"]?.number == 54)
        let weights = layers.filter { ["convolution", "linear"].contains($0["kind"]?.string) }
        #expect(weights.count == 110)
        let conventions = try #require(json["conventions"]?.elements)
        #expect(conventions.compactMap { $0["name"]?.string } == ["paper", "authors-lua", "torch"])
        #expect(conventions[0]["differences"] == .array([]))
        #expect(conventions[1]["parameters"] == .null)
        #expect(conventions[2]["training"]?["momentum"]?.string == "Nesterov, 0.9")
        let published = try #require(json["published"]?.elements)
        #expect(published.contains { $0["parameters"]?["authors-lua"]?.number == 10_327_706 })
    }

    @Test("A file is written beside what the terminal shows")
    func file() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run("conform", "--depth", "8", "--json", "conform.json", in: folder)
        #expect(outcome.exitCode == 0 && outcome.output.contains("paper: no difference"))
        #expect(try JSON(parsing: folder.text("conform.json"))["configuration"]?["depth"]?.number == 8)
    }

    @Test(
        "A wrong request is refused in one sentence",
        arguments: [
            ("--depth 4", "Depth 4 is impossible"), ("--shortcut identiy", "Unknown shortcut “identiy”"),
            (
                "--architecture dense --depth 999998 --block single",
                "A list of layers is made for at most 100000 units, and this network has 999996: lower --depth."
            ),
        ])
    func refusal(arguments: String, sentence: String) throws {
        let outcome = try Program.run(["conform"] + arguments.split(separator: " ").map(String.init))
        #expect(outcome.errors.hasPrefix("Error: \(sentence)"))
        #expect(outcome.output == "" && outcome.exitCode == 64)
    }

    @Test("A file that cannot be written: exit code 2")
    func unwritable() throws {
        let outcome = try Program.run("conform", "--json", "nowhere/conform.json")
        #expect(outcome.errors.contains("nowhere/conform.json cannot be written"))
        #expect(outcome.output == "" && outcome.exitCode == 2)
    }

    @Test("Help is the committed text", arguments: [["help", "conform"], ["conform", "--help"]])
    func help(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.output == (try GoldenFile.text("help-conform.txt", recording: outcome.output)))
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}
