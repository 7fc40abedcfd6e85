import Expressions
import Kernels
import ResidualNetworks
import Tensors
import Testing

@Suite("Shortcut words")
struct ShortcutVocabularyTests {
    private let vocabulary = ShortcutVocabulary.paper

    /// A word names a design whose name is that word.
    @Test(arguments: [
        "identity", "none", "scale0.5", "scale0.5,0.5", "scale-2", "scale1e-05", "scale3,0.25",
        "gate-exclusive:-6",
        "gate-exclusive:0", "gate-shortcut:0", "gate-shortcut:-5.5", "conv1x1", "dropout0.5", "dropout0",
        "expr: 0.9*x + 0.1*tanh(x)", "expr: max(x, 0.1*x)", "expr: (1 - t)*x",
    ])
    func namesRoundTrip(word: String) throws {
        #expect(try vocabulary.shortcut(for: word).name == word)
    }

    @Test(arguments: [
        ("scale.5", "scale0.5"), ("scale0.50,1", "scale0.5"), ("gate-shortcut:+0", "gate-shortcut:0"),
        ("expr:x*0.5 + x*.25", "scale0.75"), ("expr: x + x/2 - x/2", "identity"),
        ("expr: 2*sin(x)/2", "expr: sin(x)"),
    ])
    func otherSpellingsAreNormalised(word: String, name: String) throws {
        #expect(try vocabulary.shortcut(for: word).name == name)
    }

    @Test func numbersArrive() throws {
        let scaling = try #require(try vocabulary.shortcut(for: "scale-0.25,3") as? ScalingShortcut)
        #expect(scaling.lambda == -0.25 && scaling.mu == 3)
        #expect((try vocabulary.shortcut(for: "gate-exclusive:-6") as? ExclusiveGateShortcut)?.bias == -6)
        #expect((try vocabulary.shortcut(for: "gate-shortcut:2") as? ShortcutOnlyGateShortcut)?.bias == 2)
        #expect((try vocabulary.shortcut(for: "dropout0.25") as? DropoutShortcut)?.dropProbability == 0.25)
    }

    @Test(arguments: [
        "scale", "scalenan", "scaleinf", "scale-inf", "scale1,2,3", "scale1,", "scale,1", "scale0.5x",
        "scale1e999",
        "gate-exclusive", "gate-exclusive-6", "gate-exclusive:",
        "dropout", "dropout1", "dropout-0.1", "dropout1.5", "dropoutnan", "identity2", "none0", "conv1x12",
    ])
    func badArgumentsNameTheWord(word: String) {
        #expect {
            try vocabulary.shortcut(for: word)
        } throws: { error in
            guard case VocabularyError.argument(word, _) = error else { return false }
            return "\(error)".contains("“\(word)” needs ")
        }
    }

    /// A number may be a formula of the unit's position, and nothing else.
    @Test(arguments: [
        ("gate-exclusive:nan", 0), ("gate-shortcut:six", 0), ("scale: 1 - l/", 6), ("scale: x", 0),
        ("dropout: 0.5*@a", 4),
    ])
    func badSchedulesAreShown(word: String, position: Int) throws {
        let error = try #require(throws: SyntaxError.self) { try vocabulary.shortcut(for: word) }
        #expect(error.position == position, "\(error)")
    }

    @Test(arguments: [
        ("scale: 1 - l/(2*L)", "scale: 1 - l/(2*L)", [1, 0.875, 0.75, 0.625]),
        ("scale:[0.9, 1, 1/0.9]", "scale: [0.9, 1, 1.1111111111111112]", [0.9, 1, 1.1111111111111112, 0.9]),
        ("scale: 0.5", "scale0.5", [0.5, 0.5, 0.5, 0.5]),
        ("scale: t^2", "scale: t^2", [0, 0.0625, 0.25, 0.5625]),
        ("scale: n/64 + s", "scale: n/64 + s", [1.25, 1.25, 1.25, 1.25]),
    ])
    func schedulesFollowTheDepth(word: String, name: String, factors: [Double]) throws {
        let shortcut = try vocabulary.shortcut(for: word)
        #expect(shortcut.name == name)
        let found = try (0..<4).map { index in
            let place = UnitPosition(index: index, count: 4, stage: 1, width: 16)
            return (try shortcut.resolved(at: place) as? ScalingShortcut)?.lambda
        }
        #expect(found == factors)
        #expect(try vocabulary.shortcut(for: shortcut.name).name == name)
    }

    @Test func schedulesOfGatesAndDropout() throws {
        let last = UnitPosition(index: 9, count: 10, stage: 0, width: 8)
        let gate = try vocabulary.shortcut(for: "gate-shortcut: -6*t").resolved(at: last)
        #expect((gate as? ShortcutOnlyGateShortcut)?.bias == -5.4)
        let dropout = try vocabulary.shortcut(for: "dropout: 0.5*t").resolved(at: last)
        #expect((dropout as? DropoutShortcut)?.dropProbability == 0.45)
        #expect(throws: NetworkError.self) { try vocabulary.shortcut(for: "dropout: 2*t").resolved(at: last) }
        #expect(throws: NetworkError.self) {
            try vocabulary.shortcut(for: "scale: 1/(l - 9)").resolved(at: last)
        }
    }

    /// `scale0,5` is one number where commas are decimal signs, and was λ = 0, μ = 5.
    @Test(arguments: [
        ("scale0,5", "scale0.5", "scale0.0,5"), ("scale-0,25", "scale-0.25", "scale-0.0,25"),
        ("scale1,2", "scale1.2", "scale1.0,2"), ("dropout0,5", "dropout0.5", nil),
        ("gate-exclusive:-0,5", "gate-exclusive:-0.5", nil), ("gate-shortcut:6,0", "gate-shortcut:6.0", nil),
    ])
    func aDecimalCommaIsAskedAbout(word: String, meant: String, pair: String?) throws {
        #expect(throws: VocabularyError.decimalComma(word: word, meant: meant, pair: pair)) {
            try vocabulary.shortcut(for: word)
        }
        let shortcut = try vocabulary.shortcut(for: meant)
        #expect(try vocabulary.shortcut(for: shortcut.name).name == shortcut.name)
        // What the sentence offers for two numbers is read as two numbers, and so is the name that reports give them.
        guard let pair else { return }
        let both = try #require(try vocabulary.shortcut(for: pair) as? ScalingShortcut)
        let again = try #require(try vocabulary.shortcut(for: both.name) as? ScalingShortcut)
        #expect(both.mu != 1 && again.lambda == both.lambda && again.mu == both.mu)
    }

    @Test(arguments: [
        ("identiti", "identity"), ("scal0.5", "scaleλ[,μ]"), ("skale0.5", "scaleλ[,μ]"),
        ("drop0.5", "dropoutp"),
        ("gate-exclusiv:-6", "gate-exclusive:b"), ("gate_shortcut:0", "gate-shortcut:b"),
        ("conv1", "conv1x1"),
        ("nome", "none"), ("Identity", "identity"),
    ])
    func unknownWordsNameTheClosest(word: String, closest: String) {
        #expect {
            try vocabulary.shortcut(for: word)
        } throws: { error in
            guard case VocabularyError.unknown("shortcut", word, let known, closest) = error else {
                return false
            }
            return known.count == 8 && known.allSatisfy { "\(error)".contains($0) }
                && "\(error)".contains("did you mean \(closest)?")
        }
    }

    @Test(arguments: ["", "xyzzy", "0.5"])
    func nothingIsCloseToNonsense(word: String) {
        #expect {
            try vocabulary.shortcut(for: word)
        } throws: { error in
            guard case VocabularyError.unknown(_, _, _, nil) = error else { return false }
            return !"\(error)".contains("did you mean")
        }
    }

    /// A program adds a word of its own; the longest stem wins.
    @Test func isOpen() throws {
        var open = vocabulary
        open.words.append(
            ShortcutVocabulary.Word(stem: "scale-half", pattern: "scale-half", meaning: "h(x) = x/2") {
                _, _ in ScalingShortcut(lambda: 0.5)
            })
        #expect(try open.shortcut(for: "scale-half").name == "scale0.5")
        #expect(try open.shortcut(for: "scale-0.5").name == "scale-0.5")
    }
}
