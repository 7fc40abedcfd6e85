import NumericalMethods
import Testing

@Suite struct ClosestMatchTests {
    let sources = ["digits", "noise", "cifar10:DIR", "cifar100:DIR"]
    let units = ["original", "bn-after-addition", "relu-before-addition", "relu-only-preact", "full-preact"]

    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("digits", "diigts", 1), ("ab", "ba", 1),
        ("ca", "abc", 3),
    ]) func distances(first: String, second: String, expected: Int) {
        #expect(ClosestMatch.distance(first, second) == expected)
        #expect(ClosestMatch.distance(second, first) == expected)
    }

    @Test func typosFindTheirWord() {
        #expect(ClosestMatch.find("digts", in: sources) == "digits")
        #expect(ClosestMatch.find("NOSIE", in: sources) == "noise")
        #expect(ClosestMatch.find("full", in: units) == "full-preact")
        #expect(ClosestMatch.find("orignal", in: units) == "original")
        #expect(ClosestMatch.find("relu-only-pract", in: units) == "relu-only-preact")
    }

    @Test func strangersFindNothing() {
        // A million characters, such as a file may have for a key: nothing is compared with them.
        #expect(ClosestMatch.find(String(repeating: "x", count: 1_000_000), in: sources) == nil)
        #expect(ClosestMatch.find("imagenet", in: sources) == nil)
        #expect(ClosestMatch.find("", in: sources) == nil)
        #expect(ClosestMatch.find("digits", in: []) == nil)
    }
}
