import Analysis
import Testing

@testable import Reporting

/// What a terminal has no room for in a line goes on in the next; nothing is cut.
struct TerminalSentenceTests {
    private static let reason = """
        theory leaves out that gates saturate at the longest feature vectors of the batch, where the shortcut of a \
        stage passes nothing on
        """

    private static func result() -> AnalysisResult {
        var result = SyntheticResult.small()
        result.checks[0].passed = false
        result.checks[3].inapplicability = "central differences of the loss need double precision"
        result.theory = [QuantityVerdict(quantity: "direct_log10", outcome: .cannotSay, reason: reason)]
        return result
    }

    /// The words alone: how they are spread over lines does not count.
    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test("Sentences are whole at every width", arguments: [40, 60, 80, 100, 140, 300], [true, false])
    func whole(width: Int, unicode: Bool) throws {
        let style = TerminalStyle(width: width, unicode: unicode)
        let result = Self.result()
        let finding = try Assertion("direct_log10_per_unit > -0.01").judge(
            JSONReport.value(result, manifest: SyntheticResult.manifest))
        let seeds = SeedStatistics(seeds: [7, 8], results: [result, result])
        let single = TerminalReport.text(
            result, manifest: SyntheticResult.manifest, style: style, assertions: [finding])
        let several = SeedTerminalReport.text(
            seeds, manifest: SyntheticResult.manifest, style: style, assertions: [finding])
        let lines = (single + several).split(separator: "\n")
        for line in lines { #expect(line.count <= width, "\(line)") }
        let common = [
            Self.reason, result.checks[0].statement, result.checks[3].inapplicability ?? "",
            "\(finding.text) – \(finding.sentence(minus: "−"))",
        ]
        for sentence in common + result.verdict.sentences + Summary.alerts(result) {
            #expect(Self.words(single).contains(Self.words(style.shown(sentence))), "\(sentence)")
        }
        for sentence in common + SeedSummary(statistics: seeds).sentences {
            #expect(Self.words(several).contains(Self.words(style.shown(sentence))), "\(sentence)")
        }
    }

    @Test("Checks that hold take one line together; others say why")
    func checks() {
        let style = TerminalStyle(width: 120)
        let sound = SyntheticResult.small()
        #expect(
            TerminalChecks(checks: sound.checks, probeCount: 2).text(style) == [
                " ✓ 5 of 5 identities hold; worst forward_identity 4.6e−7 of 1.0e−5 at l = 97 · 2 probes",
                " – probe_loss  not applicable",
            ])
        let failing = TerminalChecks(checks: Self.result().checks).text(style)
        #expect(
            failing == [
                " ✗ 4 of 5 identities hold; worst forward_identity 4.6e−7 of 1.0e−5 at l = 97",
                " ✗ sum         fails, 2.4e−7 of 1.0e−5 at l = 214: g_l = d_l + w_l (Eqn. 5, 8)",
                " – probe_loss  not applicable: central differences of the loss need double precision",
            ])
        var verbose = style
        verbose.isVerbose = true
        let whole = TerminalChecks(checks: sound.checks).text(verbose)
        #expect(whole.count == 1 + sound.checks.count)
        #expect(whole.contains { $0.hasPrefix(" ✓ probe_total       3.8e−6 of 1.0e−3 at l = 0: ⟨g_l, v⟩") })
        #expect(
            TerminalChecks(checks: [sound.checks[3]]).text(style)[0] == " – no identity could be checked")
    }

    @Test("A check that cannot tell says what hides the answer")
    func undecided() {
        var check = SyntheticResult.checks[2]
        check.passed = nil
        check.toleranceReason = "rounding; 3 of 3 probes cannot tell"
        #expect(
            TerminalChecks(checks: [check]).text(TerminalStyle()).last
                == " – probe_total  cannot tell: rounding; 3 of 3 probes cannot tell")
    }

    @Test("Columns that have no room are named")
    func columns() throws {
        let narrow = TerminalTable(SyntheticResult.small(), style: TerminalStyle(width: 60), rows: 3).text
        let wide = TerminalTable(SyntheticResult.small(), style: TerminalStyle(width: 200), rows: 3).text
        let note = " not shown at this width: "
        let first = try #require(narrow.firstIndex { $0.hasPrefix(note) })
        #expect(!wide.contains { $0.contains(note) })
        // What is not a column is in the note, which takes as many lines as it needs.
        let left = Self.words(narrow[first...].joined(separator: " ").dropFirst(note.count).description)
            .split(separator: ", ").map(String.init)
        #expect(!left.isEmpty)
        for name in left { #expect(!narrow[1].contains(name) && wide[1].contains(name), "\(name)") }

        let cells = ["network", "direct/unit", "checks"].map {
            TextTable.Column(heading: $0, cells: [String(repeating: "x", count: 30)], isNumber: false)
        }
        #expect(TextTable(cells, style: TerminalStyle(width: 70)).lines.last == note + "checks")
        #expect(TextTable(cells, style: TerminalStyle(width: 100)).lines.count == 2)
    }

    @Test("The verdict stands above the chart, and the chart above the checks")
    func order() throws {
        let text = TerminalReport.text(
            SyntheticResult.small(), manifest: SyntheticResult.manifest, style: TerminalStyle(colour: true))
        let verdict = try #require(
            text.firstRange(of: SyntheticResult.small().verdict.sentences[0].prefix(40)))
        let chart = try #require(text.firstRange(of: "log10 norm of"))
        let checks = try #require(text.firstRange(of: "identities hold"))
        #expect(verdict.lowerBound < chart.lowerBound && chart.lowerBound < checks.lowerBound)
    }

    @Test("Without braille the line that matters most has its letter alone where lines share a cell")
    func letters() {
        var canvas = DotCanvas(columns: 12, rows: 1, braille: false)
        for series in 0..<3 { canvas.line(from: (0, 0), to: (11, 0), series: series) }
        for column in 0..<12 {
            guard case .sign(series: 2) = canvas.content(column: column, row: 0) else {
                Issue.record("another letter in column \(column)")
                return
            }
        }
    }
}
