import FuzzSupport
import Reporting
import Testing

/// Conditions on a report's numbers.
@Suite struct AssertionFuzzTests {
    private static let corpus = [
        "direct_log10_per_unit > -0.01", "every loss < 3",
        "median -6 < min(direct_log10) < max(direct_log10) <= -1.5",
        "abs(cosine[0] - cosine[-1]) * 2 / 4 == 0.5", "verdict.shortcut_path == intact",
        "theory.outcome[direct_log10] != cannot say", "nulls(cosine) == (1 + 2) * -3",
    ].map { Array($0.utf8) }

    private static let words = [
        "loss", "direct_log10", "cosine", "[0]", "[-9223372036854775808]", "[1e308]", "[sum]", "min(",
        "mean(", "abs(", ")",
        "(((((((((((", "- - - - - ", "+1+1+1+1", "<", "<=", "==", "!=", "1e999", "9223372036854775807", ".",
        "..", "every ",
        "median ", "\u{0301}", "🙂", "λ",
    ].map { Array($0.utf8) }

    @Test func conditions() throws {
        try FuzzCampaign("assertion", .moderate).run(
            corpus: Self.corpus, dictionary: Self.words, refusals: [AssertionError.self]
        ) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let assertion = try Assertion(text)
            #expect(assertion.text == text)
            // A report in which nothing was measured: there is nothing to be judged by but numbers that were typed.
            let finding = assertion.judge(JSONValue.object([]))
            #expect(!finding.sentence(minus: "-").isEmpty)
        }
    }
}
