import Expressions
import NumericalMethods
import ProofSupport
import Testing

/// Random formulas of the grammar, shrunk where one fails. Seeds are the cases' numbers.
@Suite struct ExpressionPropertyTests {
    private static let reader = ExpressionReader()
    private static let cases = 4000

    private func expectNone(_ counterexample: Counterexample<RandomExpression>?) {
        #expect(counterexample == nil, "\(counterexample.map(\.description) ?? "")")
    }

    /// What is printed reads back as what was printed.
    @Test func normalFormReadsBack() {
        expectNone(
            counterexample(to: "reads back", cases: Self.cases) { drawn in
                let normal = drawn.expression.simplified
                let again = try Self.reader.expression(normal.description).simplified
                return again == normal ? nil : "\(normal) is read as \(again)"
            })
    }

    @Test func simplificationChangesNothingBeyondRounding() {
        var compared = 0
        expectNone(
            counterexample(to: "simplified", cases: Self.cases) { drawn in
                let plain = RoundedValue(drawn.expression, at: drawn.x)
                guard plain.isDecided else { return nil }
                compared += 1
                let simplified = drawn.expression.simplified
                let found = RoundedValue(simplified, at: drawn.x)
                // Both are within their bounds of the exact value, to first order: twice that for higher orders.
                let bound = 2 * (plain.error + found.error) + .leastNormalMagnitude
                return abs(found.value - plain.value) <= bound
                    ? nil : "\(simplified) is \(found.value), not \(plain.value) ± \(bound)"
            })
        #expect(compared > Self.cases / 2, "\(compared) formulas had a value to compare")
    }

    /// Central differences of two steps, extrapolated; their distance says how good they are.
    @Test func derivativeIsTheLimitOfDifferences() {
        var compared = 0
        expectNone(
            counterexample(to: "derivative", cases: Self.cases) { drawn in
                let expression = drawn.expression.simplified
                let slope = expression.derivative()
                func difference(_ step: Double) -> Double {
                    let (up, down) = (
                        expression.value([.x: drawn.x + step]), expression.value([.x: drawn.x - step])
                    )
                    return ((up ?? .nan) - (down ?? .nan)) / (2 * step)
                }
                let near = RoundedValue(expression, at: drawn.x)
                let (coarse, fine) = (difference(1e-4), difference(5e-5))
                let limit = (4 * fine - coarse) / 3
                let uncertainty = abs(fine - coarse) + 4 * near.error / 5e-5
                // At a kink or a pole there is no limit to compare with.
                guard near.isDecided, limit.isFinite, uncertainty < 1e-4 * (1 + abs(limit)) else {
                    return nil
                }
                compared += 1
                let found = slope.value([.x: drawn.x]) ?? .nan
                return abs(found - limit) <= 2 * uncertainty + 1e-9 * (1 + abs(limit))
                    ? nil : "\(slope) is \(found), differences say \(limit) ± \(uncertainty)"
            })
        #expect(compared > Self.cases / 2, "\(compared) formulas had a derivative to compare")
    }

    /// Each part's derivative stands in it once: nesting does not double it.
    @Test(arguments: [
        "max(x, 0.5*U)", "clip(2*U, -1, x)", "leaky_relu(U, 0.1)", "where(x > U, U, 2*x)", "U^x", "x/(1 + U)",
    ])
    func derivativesStaySmall(form: String) throws {
        var text = "x"
        for _ in 0..<8 {
            text = form.replacing("U", with: "(\(text))", maxReplacements: 1).replacing("U", with: "x")
        }
        let expression = try Self.reader.expression(text).simplified
        #expect(expression.derivative().size <= 8 * expression.size * expression.depth)
    }
}
