import Expressions
import NumericalMethods

/// The words by which activations, f and what multiplies a branch are named.
public enum FunctionVocabulary {
    /// Functions of one number that have a value and a slope everywhere, `identity`, and `leaky_relu`.
    private static let words: [String] =
        ["identity"] + [Function.relu, .gelu, .silu, .tanh, .sigmoid, .softplus, .erf, .sin].map(\.rawValue)
        + ["leaky_relu"]

    /// `gelu`, or a formula as in `expr: max(x, 0.1*x)`.
    ///
    /// - Throws: `VocabularyError`, `SyntaxError`.
    public static func activation(
        for word: String, reader: ExpressionReader
    ) throws -> any ActivationDesign {
        guard let formula = try formula(of: word, reader: reader) else {
            let text = word == "identity" ? "x" : "\(word)(x)"
            guard words.contains(word) else {
                throw VocabularyError.unknown(
                    kind: "function", word: word, known: words + ["\(ExpressionShortcut.stem)φ"],
                    closest: ClosestMatch.find(word, in: words))
            }
            let known = try UnitFormula(text, reader: reader)
            return named(known, word: word)
        }
        guard formula.expression.contains(.x) else {
            throw VocabularyError.constant(function: "φ", argument: "x", value: formula.description)
        }
        return named(formula, word: nil)
    }

    /// f: the same words.
    ///
    /// - Throws: `VocabularyError`, `SyntaxError`.
    public static func afterAddition(
        for word: String, reader: ExpressionReader
    ) throws -> LayersAfterAddition {
        do {
            let activation = try activation(for: word, reader: reader)
            let isIdentity = (activation as? FormulaActivation)?.formula.expression == .symbol(.x)
            return isIdentity
                ? LayersAfterAddition([]) : LayersAfterAddition([.activation], activation: activation)
        } catch VocabularyError.constant(_, _, let value) {
            throw VocabularyError.constant(function: "f", argument: "y", value: value)
        }
    }

    /// A number, a formula with `expr:` before it or without, or a list of them.
    ///
    /// - Throws: `SyntaxError`.
    public static func schedule(_ text: String, reader: ExpressionReader) throws(SyntaxError) -> DepthSchedule
    {
        try DepthSchedule(withoutStem(text) ?? text, reader: reader)
    }

    /// The formula behind `expr:`; `nil` where that is not there.
    static func formula(of word: String, reader: ExpressionReader) throws(SyntaxError) -> UnitFormula? {
        guard let text = withoutStem(word) else { return nil }
        return try UnitFormula(text, reader: reader)
    }

    private static func withoutStem(_ word: String) -> String? {
        guard word.hasPrefix(ExpressionShortcut.stem) else { return nil }
        return String(word.dropFirst(ExpressionShortcut.stem.count).drop(while: \.isWhitespace))
    }

    /// ReLU is the paper's, whatever it was called.
    private static func named(_ formula: UnitFormula, word: String?) -> any ActivationDesign {
        formula.expression == .unary(.relu, .symbol(.x))
            ? ReluActivation() : FormulaActivation(formula, name: word)
    }
}
