import Expressions
import ProofSupport
import Testing

/// Where formulas are not smooth.
@Suite struct KinkTests {
    private func expression(_ text: String) throws -> Expression {
        try ExpressionReader().expression(text).simplified
    }

    @Test(
        "Kinks of formulas are where their arguments change sign",
        arguments: [
            ("x", []), ("tanh(x)", []), ("relu(x)", [0]), ("abs(2*x - 1)", [0.5]), ("max(x, 0.1*x)", [0]),
            ("clip(2*x + 1, -1, 1)", [-1, 0]), ("where(x > 0.2, x, 0.5*x^2)", [0.2]),
            ("min(x, 3, 1 - x)", [0.5, 3]), ("step(x^2 - 2)", [-2.0.squareRoot(), 2.0.squareRoot()]),
            ("leaky_relu(exp(x) - 3)", [1.0986122886681098]), ("relu(x^2)", []),
            ("sign(sin(x))*(abs(x) < 4)", nil),
            ("abs(abs(x) - 1)", [-1, 0, 1]), ("relu(relu(x) - 1)", [0, 1]),
        ] as [(String, [Double]?)])
    func places(text: String, expected: [Double]?) throws {
        let found = try expression(text).kinks
        guard let expected else {
            // 25 multiples of π within the range, one of which is where |x| bends, and ±4.
            #expect(found.count == 25 + 2)
            return
        }
        #expect(found.count == expected.count, "\(text): \(found)")
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12, "\(text): \(found)") }
    }

    @Test("Edges of domains are found, touched ones too")
    func domains() throws {
        #expect(try expression("1/x").domainEdges == [0])
        #expect(try expression("x/(1 + abs(x))").domainEdges.isEmpty)
        let touched = try expression("1/(x - 0.3)^2").domainEdges
        #expect(touched.count == 1 && abs(touched[0] - 0.3) < 1e-9)
        let edges = try expression("sqrt(x^2 - 2)").domainEdges
        #expect(edges.count == 2 && abs(edges[1] - 2.0.squareRoot()) < 1e-12)
    }

    /// The closure is the formula.
    @Test func closureIsTheValue() throws {
        var compared = 0
        for index in 0..<2000 {
            let drawn = RandomExpression(seed: UInt64(index))
            guard let value = drawn.expression.value([.x: drawn.x]), value.isFinite else { continue }
            compared += 1
            #expect(drawn.expression.closure(drawn.x) == value, "\(drawn.expression) at \(drawn.x)")
        }
        #expect(compared > 500)
    }
}
