import BuiltProgram
import Foundation
import Testing

/// What a person sees, on terminals of several sizes and in a pipe.
struct TerminalTests {
    private static let request = ["--depth", "20", "--batch", "2", "--threads", "1"]
    /// A few seconds.
    private static let slow = [
        "--depth", "110", "--batch", "8", "--precision", "double", "--threads", "1", "--quiet",
    ]

    @Test(
        "The report keeps within the terminal's columns, and within its rows where they are enough",
        arguments: [(60, 60), (80, 51), (120, 45), (200, 60)])
    func size(columns: Int, rows: Int) throws {
        let terminal = PseudoTerminal(columns: UInt16(columns), rows: UInt16(rows))
        let text = try terminal.run(Self.request).replacing(#/\u{1B}\[[\d;]*m/#, with: "")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // `count` of a line is its columns: the characters used are one column wide.
        #expect(lines.allSatisfy { $0.count <= columns })
        // The last piece, after the final newline, is where the prompt will stand.
        #expect(lines.count <= rows && lines.last == "")
    }

    @Test("COLUMNS is obeyed, also into a pipe", arguments: [60, 180])
    func statedColumns(columns: Int) throws {
        let environment = ["COLUMNS": String(columns)]
        let piped = try Program.run(Self.request, environment: environment).output
        let shown = try PseudoTerminal(columns: 100, rows: 45).run(
            Self.request, environment: environment.merging(["NO_COLOR": "1"]) { $1 })
        for text in [piped, shown] {
            let widths = text.split(separator: "\n").map(\.count)
            // The chart takes the whole width but for the column at its end.
            #expect(widths.max().map { (columns - 2...columns).contains($0) } == true)
        }
    }

    @Test("--verbose gives every check its line")
    func verbose() throws {
        let terse = try Program.run(Self.request).output
        let verbose = try Program.run(Self.request + ["-v"]).output
        #expect(!terse.contains(" ✓ probe_total") && verbose.contains(" ✓ probe_total"))
        #expect(terse.contains(" – probe_loss  not applicable: central differences of the loss need double"))
    }

    @Test("Colour is for terminals, unless NO_COLOR or the terminal says otherwise")
    func colour() throws {
        let terminal = PseudoTerminal(columns: 100, rows: 45)
        #expect(try terminal.run(Self.request).contains("\u{1B}["))
        #expect(try !terminal.run(Self.request, environment: ["NO_COLOR": "1"]).contains("\u{1B}"))
        #expect(try terminal.run(Self.request, environment: ["NO_COLOR": ""]).contains("\u{1B}["))
        for name in ["dumb", ""] {
            #expect(try !terminal.run(Self.request, environment: ["TERM": name]).contains("\u{1B}"))
        }
        #expect(try !Program.run(Self.request).output.contains("\u{1B}"))
    }

    @Test(
        "A terminal without UTF-8 gets ASCII",
        arguments: [["LANG": "C"], ["LC_ALL": "POSIX", "LANG": "C.UTF-8"]])
    func ascii(environment: [String: String]) throws {
        let terminal = PseudoTerminal(columns: 100, rows: 45)
        #expect(try terminal.run(Self.request, environment: environment).allSatisfy(\.isASCII))
    }

    @Test("In a pipe there is no progress bar, however long it takes, and --quiet is quiet")
    func pipe() throws {
        let outcome = try Program.run(Self.slow)
        #expect(outcome.output == "" && outcome.errors == "")
    }

    @Test("On a terminal a run of over a second shows how far it is, and wipes it")
    func progress() throws {
        let start = Date()
        let text = try PseudoTerminal(columns: 30, rows: 10).run(Self.slow)
        try #require(Date().timeIntervalSince(start) > 1.5, "a machine too fast for this test")
        let steps = text.split(separator: "\r")
        #expect(steps.contains { $0.contains(#/^█*░* \d+ %$/#) })
        #expect(steps.last == "\u{1B}[2K")
        #expect(steps.allSatisfy { $0.count < 30 })
    }
}
