import Testing

@testable import PropagateCommand

struct SweepAxisTests {
    static let values: [(words: [String], values: [String])] = [
        (["20,56,110"], ["20", "56", "110"]), (["20", "56"], ["20", "56"]),
        (["0-4"], ["0", "1", "2", "3", "4"]), (["0-1,7,3-4"], ["0", "1", "7", "3", "4"]), (["3-3"], ["3"]),
        (["identity,scale0.5"], ["identity", "scale0.5"]),
        // A number after a word is the word's second number.
        (["identity,scale0.5,0.5,none"], ["identity", "scale0.5,0.5", "none"]),
        (["scale0.5,-1,scale2"], ["scale0.5,-1", "scale2"]),
        (["gate-exclusive:-6,gate-shortcut:0"], ["gate-exclusive:-6", "gate-shortcut:0"]),
        (["full-preact,bn-after-addition"], ["full-preact", "bn-after-addition"]),
        (["-5"], ["-5"]), ([""], [""]), (["a,,b"], ["a", "", "b"]),
        (["18446744073709551615"], ["18446744073709551615"]),
    ]

    @Test("Lists and ranges are taken apart, words with two numbers are not", arguments: values)
    func expansion(words: [String], values: [String]) throws {
        #expect(try SweepAxis(name: "shortcut", words: words).values == values)
    }

    /// Of other options a number is a value of its own.
    @Test func schedules() throws {
        #expect(
            try SweepAxis(name: "drop-path", words: ["t/2,0.5", "min(t, 0.2),[0, 0.1]"]).values
                == ["t/2", "0.5", "min(t, 0.2)", "[0, 0.1]"])
    }

    static let refusals: [(words: [String], error: SweepError)] = [
        (["20,56,20"], .repeatedValue(option: "x", value: "20")),
        (["0-4", "3"], .repeatedValue(option: "x", value: "3")),
        (["4-0"], .impossibleRange(option: "x", range: "4-0")),
        (["0-18446744073709551615"], .impossibleRange(option: "x", range: "0-18446744073709551615")),
    ]

    @Test("Slips of the hand are refused", arguments: refusals)
    func refusal(words: [String], error: SweepError) {
        #expect(throws: error) { try SweepAxis(name: "x", words: words) }
    }
}
