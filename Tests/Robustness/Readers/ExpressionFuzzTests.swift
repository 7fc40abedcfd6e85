import Expressions
import FuzzSupport
import Testing

/// Formulas, each differentiated and printed where it is read.
@Suite struct ExpressionFuzzTests {
    private static let corpus = [
        "0.9*x + 0.1*tanh(x)", "max(x, 0.1*x)", "clip(x, -1, 1) + where(x > 0, x, 0.5*x)", "1 - l/(2*L)",
        "@a*x + @b[n]*gelu(x)", "leaky_relu(-x^2, 0.2)", "min(1, 2, x)/(1 + abs(x))", "0 <= sigmoid(x) < 1",
    ].map { Array($0.utf8) }

    private static let words = [
        "x", "l", "L", "@a", "[n]", "exp(", "where(", "max(", ")", "((((((((((((", "- - - - - ", "+1+1+1+1",
        "^x^x^x", "<", "==",
        "1e999", "1e308", "9223372036854775807", ".", "..", "@", ",", ",,", "\u{0301}", "🙂", "λ",
    ].map { Array($0.utf8) }

    @Test func expressions() throws {
        let reader = ExpressionReader(initials: ["a": 1, "b": 0])
        try FuzzCampaign("expression", .moderate).run(
            corpus: Self.corpus, dictionary: Self.words, refusals: [SyntaxError.self]
        ) { bytes in
            let expression = try reader.expression(String(decoding: bytes, as: UTF8.self)).simplified
            let derivative = expression.derivative()
            #expect(!expression.description.isEmpty && derivative.size > 0)
        }
    }
}
