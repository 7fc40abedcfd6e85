import Analysis
import Expressions
import Testing

@testable import Reporting

@Suite struct AssertionTests {
    private static let report = {
        var result = SyntheticResult.small()
        result.theory = [
            QuantityVerdict(
                quantity: "direct_log10", outcome: .agrees, unit: 0, departure: 0.1, modelAllowance: 0.15,
                standardError: 0, comparedRows: 13, rows: 13)
        ]
        return JSONReport.value(result, manifest: SyntheticResult.manifest)
    }()

    private func judge(_ text: String) throws -> AssertionFinding.Outcome {
        try Assertion(text).judge(Self.report).outcome
    }

    /// The values are those of `SyntheticResult.small`: 12 units, direct −1.5 − 0.3125·(12 − l).
    @Test(arguments: [
        ("direct_log10_per_unit < -0.3", true), ("direct_log10_per_unit > -0.01", false),
        ("verdict.direct_log10_per_unit < -3e-1", true), ("direct_log10[0] == -5.25", true),
        ("direct_log10[-1] == -1.5", true), ("gradient_log10[0] - gradient_log10[-1] == 1.5", true),
        ("-6 < min(direct_log10) < max(direct_log10) <= -1.5", true), ("nulls(cosine) == 1", true),
        ("nulls(direct_log10) != 0", false), ("abs(cosine[0]) < 0.05", true),
        ("mean(channel_variance) * 13 == 12.5", true), ("-(1 + 2) * 2 / 4 == -1.5", true),
        ("1 - 2 - 3 == -4", true), ("2^3^2 == 512", true), ("max(1, sqrt(9), 2) == 3", true),
        ("-log(exp(1)) == -1", true), ("checks.worst_error[sum] < 1e-6", true),
        ("worst_error[probe_total] > 1", false),
        ("passed[sum] == 1", true), ("channels[0] == 16", true), ("network.stages.channels[1] == 32", true),
        ("parameters >= 369690", true), ("2 < 1 < 3", false),
        ("verdict.shortcut_path == attenuated", true), ("shortcut_path == intact", false),
        ("shortcut_path != dead", true), ("every(shortcut_path) == attenuated", true),
        ("carrier == weights", true), ("theory.outcome[direct_log10] == agrees", true),
        ("theory.outcome[0] != cannot say", true), ("shortcut_decades == -3.75", true),
    ])
    func judgesByTheNumbersOfTheReport(text: String, holds: Bool) throws {
        #expect(try judge(text) == (holds ? .holds : .fails), "\(text)")
    }

    /// 60,000 terms exhausted the stack: sums are evaluated recursively.
    @Test func aTextIsNoLongerThanTheStackCanTake() throws {
        let sum = "0" + String(repeating: "+1", count: (SyntaxTree.longestText - 6) / 2)
        #expect(try judge("\(sum) > 0") == .holds)
        let longer = "0" + String(repeating: "+1", count: 60_000) + " > 0"
        let error = #expect(throws: AssertionError.self) { try Assertion(longer) }
        #expect(error?.description.contains("at most \(SyntaxTree.longestText) characters are read") == true)
    }

    /// log10 of an exact 0 is less than any number; a value that is not finite has no order; what nobody measured is not
    /// there.
    @Test func nullsAreJudgedByWhatStandsBehindThem() throws {
        var result = SyntheticResult.small()
        result.units[0].direct = .zero
        result.units[1].direct = .notMeasured
        func outcome(_ text: String) throws -> AssertionFinding {
            try Assertion(text).judge(JSONReport.value(result, manifest: SyntheticResult.manifest))
        }
        #expect(try outcome("direct_log10[0] < -100").outcome == .holds)
        let fails = try outcome("min(direct_log10) > -100")
        #expect(fails.outcome == .fails && fails.sentence(minus: "−") == "fails: −∞ is not > −100")
        #expect(
            try outcome("direct_log10[1] > -100").outcome
                == .cannotSay("units.direct_log10[1] is null: not measured"))
        #expect(try outcome("nulls(direct_log10) == 2").outcome == .holds)
        result.units[1].direct = .notFinite
        #expect(
            try outcome("max(direct_log10) < 0").outcome
                == .cannotSay("units.direct_log10 is null: not finite"))
        #expect(try outcome("direct_status[1] == not finite").outcome == .holds)
    }

    @Test func whatIsNotThereCannotBeJudged() throws {
        #expect(
            try judge("cosine[12] > 0")
                == .cannotSay("units.cosine[12] is null: not measured, or the logarithm of 0"))
        #expect(try judge("cosine[13] > 0") == .cannotSay("units has 13 rows"))
        #expect(try judge("cosine[-14] > 0") == .cannotSay("units has 13 rows"))
        #expect(try judge("worst_error[gravity] < 1") == .cannotSay("no row of checks is named gravity"))
        #expect(try judge("1 / 0 > 1") == .cannotSay("its arithmetic leaves the range of numbers"))
    }

    @Test(arguments: [
        ("", "cannot be read at character 1: expected a number or a name, not the end."),
        ("loss", "cannot be read at character 5: expected a comparison such as <."),
        ("loss <", "cannot be read at character 7: expected a number or a name, not the end."),
        ("loss < 3 4", "cannot be read at character 10: expected an operator or the end, not the number 4"),
        ("loss = 3", "cannot be read at character 6: expected a name, a number or a sign, not “=”."),
        ("loss < 1e999", "cannot be read at character 8: expected a finite number."),
        ("0 < every(loss)", "“every” may stand at the beginning only"),
        ("(loss < 3", "cannot be read at character 10: expected “)”, not the end."),
        ("direct_log10[0.5] < 1", "cannot be read at character 14: expected a whole number"),
        ("lag(loss) < 1", "“lag” is no function; did you mean log? Known are exp, log, "),
        ("min(1 + loss) < 1", "cannot be read at character 5: expected the name of a column."),
        ("direct_log10 < 1", "choose a row, as in direct_log10[0]"),
        ("loss[0] < 1", "“loss” is a single number and has no rows."),
        ("min(loss) < 1", "“loss” is a single number and has no rows."),
        ("direct_log10_per_uint < 1", "did you mean direct_log10_per_unit?"),
        ("zzz < 1", "No result is named “zzz”. Known are: depth, units, parameters, classes, "),
        ("shortcut_path == intakt", "“intakt” is no value of verdict.shortcut_path; did you mean intact?"),
        ("shortcut_path == 1", "cannot be read at character 18: expected a word."),
        (
            "shortcut_path > intact",
            "cannot be read at character 17: expected == or !=, for verdict.shortcut_path"
        ),
        ("shortcut_path == intact < 1", "cannot be read at character 27: expected the end."),
        ("1 < shortcut_path", "“shortcut_path” is a word and no number"),
        ("nulls(theory.outcome) == 0", "“theory.outcome” is a word and no number"),
        ("median shortcut_path == intact", "“verdict.shortcut_path” is a word and has no median"),
        ("theory.outcome == agrees", "choose a row, as in outcome[0]"),
        ("unit[0] > 1", "“unit” may mean units.unit or probes.unit: write it out."),
    ])
    func mistakesAreExplained(text: String, words: String) throws {
        let error = try #require(throws: AssertionError.self) { try Assertion(text) }
        let explains = error.description.contains(words)
        #expect(explains, "\(error)")
    }

    /// Three seeds whose losses are 1 apart, numbered from 7.
    @Test func severalSeedsAreJudgedByMedianOrEach() throws {
        let results = [-4.0, 0, 4].map { SyntheticSeeds.moved($0) }
        let reports = results.enumerated().map {
            (seed: UInt64($0 + 7), report: JSONReport.value($1, manifest: SyntheticResult.manifest))
        }
        let middle = try #require(results[1].loss)
        func judge(_ text: String) throws -> AssertionFinding { try Assertion(text).judge(reports) }
        #expect(try judge("loss == \(middle)").outcome == .holds)
        #expect(
            try judge("median(loss) == \(middle)").sentence(minus: "−").hasSuffix(" (medians of 3 seeds)"))
        #expect(try judge("every loss > \(middle - 2)").outcome == .holds)
        let failing = try judge("every(loss) <= \(middle)")
        #expect(failing.outcome == .fails)
        #expect(failing.sentence(minus: "−").hasSuffix(" (with 1 of 3 seeds, first with seed 9)"))
        #expect(try judge("cosine[12] > 0").sentence(minus: "−").hasSuffix("(with 3 of 3 seeds)"))
    }

    /// What was found stands to the left of what was asked, with the comparison between them.
    @Test(arguments: [
        ("direct_log10_per_unit > -0.01", "fails: −0.30412 is not > −0.01"),
        ("direct_log10_per_unit < -0.3", "holds: −0.30412 < −0.3"),
        ("-6 < min(direct_log10) < max(direct_log10) <= -1.5", "holds: −6 < −5.25 < −1.5 <= −1.5"),
        // Of a chain the link that fails, or the links.
        ("2 < 1 < 3", "fails: 2 is not < 1"), ("3 < 2 < 1", "fails: 3 is not < 2; 2 is not < 1"),
        // Four digits would make two numbers look equal that are not, or turn their order about.
        ("loss < 2.637", "fails: 2.6372 is not < 2.637"),
        ("loss < 2.63715", "fails: 2.6372 is not < 2.63715"),
        ("loss < 2.637193202972411", "fails: 2.637193202972412 is not < 2.637193202972411"),
        ("loss > 2.7", "fails: 2.637 is not > 2.7"),
        // Equal numbers look equal.
        ("min(direct_log10) != -5.25", "fails: −5.25 is not != −5.25"),
        ("parameters > 1000000", "fails: 369,690 is not > 1,000,000"),
        ("worst_error[probe_total] > 1", "fails: 3.8e−6 is not > 1"),
    ])
    func outcomesAreSaidWithTheirNumbers(text: String, sentence: String) throws {
        #expect(try Assertion(text).judge(Self.report).sentence(minus: "−") == sentence)
        #expect(
            try Assertion(text).judge(Self.report).sentence(minus: "-") == sentence.replacing("−", with: "-"))
    }

    /// Words have no median: the condition is to hold with every seed, and the first that fails says what it found.
    @Test func wordsAreJudgedSeedBySeed() throws {
        let statistics = SyntheticSeeds.five()
        let reports = zip(statistics.seeds, statistics.results).map {
            (seed: $0, report: JSONReport.value($1, manifest: SyntheticResult.manifest))
        }
        let finding = try Assertion("shortcut_path == attenuated").judge(reports)
        #expect(finding.outcome == .fails && finding.found == "dead")
        #expect(finding.sentence(minus: "−") == "fails: it is dead (with 1 of 5 seeds, first with seed 10)")
        #expect(try Assertion("shortcut_path != intact").judge(reports).outcome == .holds)
        var overflowed = SyntheticResult.small()
        overflowed.verdict.shortcutPath = nil
        let report = JSONReport.value(overflowed, manifest: SyntheticResult.manifest)
        #expect(
            try Assertion("shortcut_path == intact").judge(report).outcome
                == .cannotSay("verdict.shortcut_path is null: not measured"))
    }

    @Test func endlessParenthesesAreRefused() {
        #expect(throws: AssertionError.self) { try Assertion(String(repeating: "(", count: 1_000_000)) }
        #expect(throws: AssertionError.self) { try Assertion(String(repeating: "-", count: 1_000_000)) }
    }

    /// Every numeric leaf of the report can be asserted under the name that an error would list.
    @Test func everyKnownNameIsUnderstood() throws {
        for name in ResultCatalogue.report.names {
            let result = try ResultCatalogue.report.result(named: name)
            let condition = result.words.map { "== \($0[0])" } ?? "< 1"
            let text = result.column == nil ? "\(name) \(condition)" : "\(name)[0] \(condition)"
            #expect(throws: Never.self) { try Assertion(text) }
        }
        #expect(Set(ResultCatalogue.report.names).count == ResultCatalogue.report.results.count)
    }
}
