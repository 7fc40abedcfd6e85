import Expressions
import Foundation
import NumericalMethods

/// The words by which shortcuts are named, such as `scale0.5` or `gate-exclusive:-6`. Open: a program that has
/// a shortcut of its own adds a word for it.
public struct ShortcutVocabulary: Sendable {
    /// One kind of word.
    public struct Word: Sendable {
        /// How the word is written, such as `scaleλ[,μ]`, and what it means.
        public let pattern: String
        public let meaning: String
        /// What it begins with; the rest is its argument.
        let stem: String
        let make: @Sendable (_ argument: String, _ reader: ExpressionReader) throws -> any ShortcutDesign

        /// - Parameter make: of what follows the stem, and of the reader of formulas in it, which knows the user's names.
        public init(
            stem: String, pattern: String, meaning: String,
            make:
                @escaping @Sendable (_ argument: String, _ reader: ExpressionReader) throws ->
                any ShortcutDesign
        ) {
            self.stem = stem
            self.pattern = pattern
            self.meaning = meaning
            self.make = make
        }
    }

    public var words: [Word]

    public init(words: [Word]) { self.words = words }

    /// - Parameter reader: of formulas.
    /// - Throws: `VocabularyError` that lists the known words, `SyntaxError`.
    public func shortcut(
        for text: String, reader: ExpressionReader = ExpressionReader()
    ) throws -> any ShortcutDesign {
        // The longest stem wins, so that one word may begin with another.
        let matches = words.filter { text.hasPrefix($0.stem) }
        guard let word = matches.max(by: { $0.stem.count < $1.stem.count }) else {
            throw VocabularyError.unknown(
                kind: "shortcut", word: text, known: words.map(\.pattern),
                closest: closestPattern(to: text))
        }
        return try word.make(String(text.dropFirst(word.stem.count)), reader)
    }

    private func closestPattern(to text: String) -> String? {
        let letters = text.prefix { !$0.isNumber && $0 != ":" }
        let stem =
            ClosestMatch.find(String(letters), in: words.map(\.stem))
            ?? ClosestMatch.find(text, in: words.map(\.stem))
        return words.first { $0.stem == stem }?.pattern
    }

    /// Fig. 2 and Table 1 of the paper.
    public static let paper = ShortcutVocabulary(words: [
        Word(stem: "identity", pattern: "identity", meaning: "h(x) = x") { argument, _ in
            try requireEmpty(argument, after: "identity")
            return IdentityShortcut()
        },
        Word(stem: "none", pattern: "none", meaning: "h(x) = 0, a plain network") { argument, _ in
            try requireEmpty(argument, after: "none")
            return NoShortcut()
        },
        Word(
            stem: "scale", pattern: "scaleλ[,μ]",
            meaning: "h(x) = λx beside μF(x); scale: λ by a schedule, as in scale: 1 - l/(2*L)"
        ) { argument, reader in
            if let schedule = try schedule(argument, reader) {
                return try scheduled(schedule, as: "scale") { ScalingShortcut(lambda: try $0.value(at: $1)) }
            }
            let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
            guard (1...2).contains(numbers.count) else {
                throw VocabularyError.argument(
                    word: "scale" + argument, requirement: "one or two numbers λ[,μ]")
            }
            if let decimal = decimalComma(in: argument) {
                throw VocabularyError.decimalComma(
                    word: "scale" + argument, meant: "scale" + decimal,
                    pair: "scale\(numbers[0]).0,\(numbers[1])")
            }
            let lambda = try number(String(numbers[0]), in: "scale" + argument, name: "λ")
            let mu =
                try numbers.count == 2 ? number(String(numbers[1]), in: "scale" + argument, name: "μ") : 1
            return ScalingShortcut(lambda: lambda, mu: mu)
        },
        Word(
            stem: "gate-exclusive", pattern: "gate-exclusive:b",
            meaning: "h(x) = (1 − g(x))∘x beside g(x)∘F(x), gate bias b"
        ) { argument, reader in
            try scheduled(bias(argument, of: "gate-exclusive", reader), as: "gate-exclusive") {
                ExclusiveGateShortcut(bias: try $0.value(at: $1))
            }
        },
        Word(
            stem: "gate-shortcut", pattern: "gate-shortcut:b",
            meaning: "h(x) = (1 − g(x))∘x beside F(x), gate bias b, or a schedule as in gate-shortcut: -6*t"
        ) { argument, reader in
            try scheduled(bias(argument, of: "gate-shortcut", reader), as: "gate-shortcut") {
                ShortcutOnlyGateShortcut(bias: try $0.value(at: $1))
            }
        },
        Word(stem: "conv1x1", pattern: "conv1x1", meaning: "h(x) = W_s x, a 1×1 convolution") {
            argument, _ in
            try requireEmpty(argument, after: "conv1x1")
            return ConvolutionShortcut()
        },
        Word(
            stem: "dropout", pattern: "dropoutp",
            meaning: "h(x) = m∘x, dropped with probability p, or by a schedule as in dropout: 0.5*t"
        ) { argument, reader in
            if let schedule = try schedule(argument, reader) {
                return try scheduled(schedule, as: "dropout") {
                    DropoutShortcut(dropProbability: try $0.dropProbability(at: $1))
                }
            }
            let p = try number(argument, in: "dropout" + argument, name: "p")
            guard p >= 0, p < 1 else {
                throw VocabularyError.argument(
                    word: "dropout" + argument, requirement: "a probability p with 0 ≤ p < 1")
            }
            return DropoutShortcut(dropProbability: p)
        },
        Word(
            stem: ExpressionShortcut.stem, pattern: "expr:φ",
            meaning: "h(x) = φ, a formula of x, l, L, s, n, t, @a, as in expr: 0.9*x + 0.1*tanh(x)"
        ) { argument, reader in
            let text = String(argument.drop(while: \.isWhitespace))
            let shortcut = try ExpressionShortcut(UnitFormula(text, reader: reader))
            return shortcut.scaling ?? shortcut
        },
    ])

    /// A schedule behind a colon; `nil` where there is none.
    private static func schedule(
        _ argument: String, _ reader: ExpressionReader
    ) throws(SyntaxError) -> DepthSchedule? {
        guard argument.first == ":" else { return nil }
        let text = argument.dropFirst().drop(while: \.isWhitespace)
        return try DepthSchedule(String(text), reader: reader.ofPositions)
    }

    /// The shortcut of a schedule, which is the paper's where it is one number.
    private static func scheduled(
        _ schedule: DepthSchedule, as word: String,
        make: @escaping @Sendable (DepthSchedule, UnitPosition) throws -> any ShortcutDesign
    ) throws -> any ShortcutDesign {
        schedule.constant == nil
            ? ScheduledShortcut(word: word, schedule, make: make)
            : try make(schedule, UnitPosition(index: 0, count: 1, stage: 0, width: 1))
    }

    /// The number that is meant where a comma parts two whole numbers as `0,5` does; `nil` where none does.
    private static func decimalComma(in text: String) -> String? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, Int(parts[0]) != nil, !parts[1].isEmpty,
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return parts.joined(separator: ".")
    }

    private static func requireEmpty(_ argument: String, after stem: String) throws {
        guard argument.isEmpty else {
            throw VocabularyError.argument(word: stem + argument, requirement: "no argument after “\(stem)”")
        }
    }

    private static func bias(
        _ argument: String, of stem: String, _ reader: ExpressionReader
    ) throws -> DepthSchedule {
        if let decimal = decimalComma(in: String(argument.dropFirst())) {
            throw VocabularyError.decimalComma(
                word: stem + argument, meant: "\(stem):\(decimal)", pair: nil)
        }
        guard argument.count > 1, let schedule = try schedule(argument, reader) else {
            throw VocabularyError.argument(word: stem + argument, requirement: "a bias, as in \(stem):-6")
        }
        return schedule
    }

    private static func number(_ text: String, in word: String, name: String) throws -> Double {
        guard let value = Double(text), value.isFinite else {
            if let decimal = decimalComma(in: text), word.hasSuffix(text) {
                throw VocabularyError.decimalComma(
                    word: word, meant: word.dropLast(text.count) + decimal, pair: nil)
            }
            throw VocabularyError.argument(word: word, requirement: "\(name) as a finite number")
        }
        return value
    }
}

/// Why a word of the command line names nothing.
public enum VocabularyError: Error, Equatable, CustomStringConvertible {
    case unknown(kind: String, word: String, known: [String], closest: String?)
    case argument(word: String, requirement: String)
    /// A comma that looks like a decimal sign; `pair` is how the two numbers are written that it may part instead.
    case decimalComma(word: String, meant: String, pair: String?)
    /// A formula for a function of signals without the argument.
    case constant(function: String, argument: String, value: String)

    public var description: String {
        switch self {
        case .unknown(let kind, let word, let known, let closest):
            "Unknown \(kind) “\(word)”"
                + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        case .argument(let word, let requirement): "“\(word)” needs \(requirement)."
        case .decimalComma(let word, let meant, let pair):
            "“\(word)” has a comma for a decimal sign: did you mean \(meant)?"
                + (pair.map { " Two whole numbers λ and μ are written \($0)." } ?? "")
        case .constant(let function, let argument, let value):
            "\(function)(\(argument)) = \(value) does not depend on x: it is a constant, by which no signal passes"
                + (function == "h"
                    ? ", so there is no direct path. The network without shortcuts is none." : ".")
        }
    }
}

extension Double {
    /// The shortest text that reads back as this number, without a needless `.0`.
    var word: String {
        let text = description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
