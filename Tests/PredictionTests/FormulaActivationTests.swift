import Expressions
import Foundation
import NumericalMethods
import ResidualNetworks
import Testing

@testable import Prediction

/// Gaussian expectations of formulas: against closed forms, against GSL's integration, and what has none.
struct FormulaActivationTests {
    private static let laws = [
        (0.0, 1.0), (0.0, 0.9997), (0.7, 1.0), (-1.3, 0.4), (2.0, 9.0), (0.01, 400), (0.3, 1e-4),
    ]

    private func formula(_ text: String) throws -> Expressions.Expression {
        try ExpressionReader().expression(text).simplified
    }

    private func integrated(_ expression: Expressions.Expression) throws -> IntegratedActivation {
        try IntegratedActivation(
            kinks: expression.kinks, function: expression.closure, derivative: expression.derivative().closure
        )
    }

    @Test("ReLU, leaky ReLU and |x| by integration are their closed forms", arguments: laws)
    func closedForms(mean: Double, variance: Double) throws {
        for (text, positive, negative) in [
            ("relu(x)", 1.0, 0.0), ("max(x, 0.1*x)", 1, 0.1), ("abs(x)", 1, -1),
        ] {
            let expression = try formula(text)
            let closed = PiecewiseLinearActivation(positive: positive, negative: negative)
            let (found, expected) = (
                try integrated(expression).moments(mean: mean, variance: variance),
                closed.moments(mean: mean, variance: variance)
            )
            expectClose(found, expected, text)
            expectClose(
                try FormulaActivations.activation(expression).moments(mean: mean, variance: variance),
                expected,
                text)
        }
        // E relu² at N(μ, σ²).
        let a = mean / variance.squareRoot()
        let exact =
            (mean * mean + variance) * erfc(-a / 2.0.squareRoot()) / 2
            + mean * variance.squareRoot() * exp(-a * a / 2) / (2 * Double.pi).squareRoot()
        let found = try integrated(formula("relu(x)")).moments(mean: mean, variance: variance).meanSquare
        #expect(abs(found - exact) < 1e-8 * (1 + exact))
    }

    /// E xΦ(x) = μΦ(s) + σ²ϕ(s)/√(1 + σ²), s = μ/√(1 + σ²), by Stein's lemma.
    @Test("E gelu and E sin² are what calculus says", arguments: laws)
    func calculus(mean: Double, variance: Double) throws {
        let gelu = try integrated(formula("gelu(x)")).moments(mean: mean, variance: variance)
        let root = (1 + variance).squareRoot()
        let s = mean / root
        let exact =
            mean * erfc(-s / 2.0.squareRoot()) / 2
            + variance / root * exp(-s * s / 2) / (2 * Double.pi).squareRoot()
        #expect(abs(gelu.mean - exact) < 1e-8 * (1 + abs(exact)))
        let sine = try integrated(formula("sin(x)")).moments(mean: mean, variance: variance)
        #expect(abs(sine.meanSquare - (1 - cos(2 * mean) * exp(-2 * variance)) / 2) < 1e-8)
        #expect(abs(sine.mean - sin(mean) * exp(-variance / 2)) < 1e-8)
        #expect(abs(sine.meanSlope - cos(mean) * exp(-variance / 2)) < 1e-8)
    }

    @Test(
        "Formulas by one sweep are GSL's integrals, each by itself",
        arguments: [
            "gelu(x)", "tanh(x)", "silu(x)", "0.9*x + 0.1*tanh(x)", "where(x > 0.2, x, 0.5*x^2)",
            "clip(x, -1, 1)", "x/(1 + abs(x))", "max(x, 0.1*x) + step(x - 0.3)", "abs(abs(x) - 1)",
            "softplus(x)",
        ])
    func againstGSL(text: String) throws {
        let expression = try formula(text)
        let (function, slope) = (expression.closure, expression.derivative().closure)
        let activation = try FormulaActivations.activation(expression)
        for (mean, variance) in Self.laws {
            func expectation(_ value: @escaping (Double) -> Double) throws -> Double {
                try GaussianExpectation.mean(
                    standardDeviation: variance.squareRoot(), kinks: expression.kinks.map { $0 - mean }
                ) { value(mean + $0) }
            }
            expectClose(
                activation.moments(mean: mean, variance: variance),
                ActivationMoments(
                    mean: try expectation(function),
                    meanSquare: try expectation { function($0) * function($0) },
                    slopeEnergy: try expectation { slope($0) * slope($0) }, meanSlope: try expectation(slope)),
                "\(text) at \(mean), \(variance)")
        }
    }

    private func expectClose(_ a: ActivationMoments, _ b: ActivationMoments, _ what: String) {
        for (found, expected) in [
            (a.mean, b.mean), (a.meanSquare, b.meanSquare), (a.slopeEnergy, b.slopeEnergy),
            (a.meanSlope, b.meanSlope),
        ] {
            #expect(abs(found - expected) < 1e-8 * (1 + abs(expected)), "\(what): \(a) \(b)")
        }
    }

    @Test("ReLU's constants are the special case of the general forms")
    func responses() throws {
        let (general, closed, relu) = (
            try integrated(formula("relu(x)")).response(variance: 1),
            PiecewiseLinearActivation(positive: 1, negative: 0).response(variance: 1),
            ActivationResponse.rectifier
        )
        for found in [general, closed] {
            #expect(abs(found.correlationKept - relu.correlationKept) < 1e-9)
            #expect(abs(found.lengthSlope - 1) < 1e-9 && abs(found.meanCurvature + 1) < 1e-9)
            // Rounded where it was first written down.
            #expect(abs(found.ownLength - relu.ownLength) < 1e-3)
            guard case .relative(let term) = found.pairTerm else {
                Issue.record("\(found)")
                continue
            }
            #expect(abs(term - 0.5) < 1e-9)
        }
    }

    @Test(
        "What has no expectation is refused with the reason",
        arguments: [
            ("log(x)", "no value (log of"),
            ("x + 1/x", "at x = 0 its part 1/x has no value (division by zero)"),
            ("sqrt(x - 0.1)", "sqrt of a negative number"), ("1/(x - 0.3)^2", "at x = 0.3 its part"),
            ("exp(x^2)", "it diverges"), ("exp(0.3*x^2)", "it diverges"),
            ("sqrt(abs(x))", "does not converge"),
            ("x^0.5", "a fractional power of a negative number"),
        ])
    func refusals(text: String, reason: String) throws {
        let expression = try formula(text)
        let error = #expect(throws: PredictionError.self) { try FormulaActivations.activation(expression) }
        #expect(error?.description.contains(reason) == true, "\(error.map(\.description) ?? "")")
    }
}
