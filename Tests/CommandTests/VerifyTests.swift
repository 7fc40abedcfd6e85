import BuiltProgram
import TemporaryFolders
import Testing

/// `propagate verify` from the outside.
struct VerifyTests {
    @Test("All claims hold, in either precision, and the table says so", arguments: ["double", "single"])
    func all(precision: String) throws {
        let outcome = try Program.run("verify", "--precision", precision, "--seed", "7")
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors == "")
        let match = try #require(
            outcome.output.firstMatch(of: /(\d+) of (\d+) claims hold\n seed 7, (\w+) precision,/))
        #expect(match.1 == match.2 && match.3 == precision)
        #expect(!outcome.output.contains("✗"))
        #expect(outcome.seconds < 60, "some seconds on any machine")
    }

    @Test("JSON and Markdown tell the same claims as the terminal, the chosen ones in the paper's order")
    func documents() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "verify", "gate", "eqn4", "--json", "claims.json", "--markdown", "claims.md", in: folder)
        #expect(outcome.exitCode == 0)
        let json = try JSON(parsing: folder.text("claims.json"))
        #expect(json["all_hold"] == .boolean(true) && json["seed"] == .string("0"))
        let claims = try #require(json["claims"]?.elements)
        #expect(claims.map { $0["name"]?.string } == ["eqn4", "gate"])
        let markdown = try folder.text("claims.md")
        for claim in claims {
            let name = try #require(claim["name"]?.string)
            #expect(outcome.output.contains(" ✓ \(name) · "))
            #expect(markdown.contains("| \(name) |"))
            #expect(claim["place"]?.string?.contains("Section") == true)
            for measurement in try #require(claim["measurements"]?.elements) {
                #expect(measurement["reason"]?.string?.isEmpty == false)
                guard measurement["holds"] != .null else { continue }
                let value = try #require(measurement["value"]?.number)
                #expect(value <= measurement["greatest"]?.number ?? .infinity)
                #expect(value >= measurement["least"]?.number ?? -.infinity)
            }
        }
    }

    @Test("A document on standard output stands there alone", arguments: ["--json", "--markdown"])
    func standardOutput(option: String) throws {
        let outcome = try Program.run("verify", "eqn4", option, "-")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.hasPrefix(option == "--json" ? "{" : "# 1 of 1 claims hold"))
        #expect(!outcome.output.contains("✓"))
    }

    @Test("The same seed repeats every digit")
    func repeatability() throws {
        func run(_ seed: String) throws -> String {
            try Program.run("verify", "dropout", "gate", "--json", "-", "--seed", seed).output
        }
        #expect(try run("3") == run("3"))
        #expect(try run("3") != run("4"))
    }

    @Test("The list names every claim and its place, and measures nothing")
    func list() throws {
        let outcome = try Program.run("verify", "--list")
        #expect(outcome.exitCode == 0)
        for name in ["eqn4", "eqn5", "eqn7", "eqn8", "eqn9", "dropout", "small-weights", "linear-cost"] {
            #expect(outcome.output.contains(try Regex("(?m)^\(name) ")))
        }
        #expect(!outcome.output.contains("hold ·"))
    }

    @Test(
        "A wrong request is refused in one sentence",
        arguments: [
            ("vanishin", "Unknown claim “vanishin”; did you mean vanishing? Known are: eqn4, "),
            ("eqn6", "Unknown claim “eqn6”; did you mean eqn4? Known are: eqn4, "),
            ("--json - --markdown -", "--json - and --markdown - cannot both write to standard output."),
            ("--precision half", "The value 'half' is invalid for '--precision <word>'"),
        ])
    func refusal(arguments: String, sentence: String) throws {
        let outcome = try Program.run(["verify"] + arguments.split(separator: " ").map(String.init))
        #expect(outcome.errors.hasPrefix("Error: \(sentence)"))
        #expect(outcome.output == "" && outcome.exitCode == 64)
    }

    @Test("A file that cannot be written is refused before anything is measured")
    func unwritable() throws {
        let outcome = try Program.run("verify", "--json", "nowhere/claims.json")
        #expect(outcome.errors.contains("nowhere/claims.json cannot be written"))
        #expect(outcome.output == "" && outcome.exitCode == 2)
    }

    @Test("The findings keep within the terminal's columns", arguments: [60, 80, 120])
    func columns(count: Int) throws {
        let terminal = PseudoTerminal(columns: UInt16(count), rows: 45)
        let text = try terminal.run(["verify", "vanishing", "gate", "dropout", "eqn5"])
        let lines = text.replacing(#/\r[^\n]*\u{1B}\[2K/#, with: "")
            .replacing(#/\u{1B}\[[\d;]*m/#, with: "").split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= count })
    }

    @Test("A terminal without UTF-8 gets ASCII")
    func ascii() throws {
        let terminal = PseudoTerminal(columns: 80, rows: 45)
        let text = try terminal.run(["verify"], environment: ["LANG": "C"])
        #expect(text.allSatisfy(\.isASCII) && !text.contains("?"))
    }

    @Test("Help is the committed text", arguments: [["help", "verify"], ["verify", "--help"]])
    func help(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.output == (try GoldenFile.text("help-verify.txt", recording: outcome.output)))
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}
