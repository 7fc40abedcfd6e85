import NumericalMethods
import Testing

@Suite struct LinearFitTests {
    @Test func exactLineHasNoResidual() throws {
        let x = (0..<50).map(Double.init)
        let fit = try LinearFit(x: x, y: x.map { 3 - 0.25 * $0 })
        // Quarters are exact in binary; a few roundings of sums of 50 remain.
        #expect(abs(fit.intercept - 3) < 1e-13)
        #expect(abs(fit.slope + 0.25) < 1e-14)
        #expect(fit.residualSumOfSquares < 1e-24)
        #expect(abs(fit.value(at: 4) - 2) < 1e-13)
    }

    /// By hand: x = 0 1 2 3, y = 1 0 2 1: means 1.5 and 1, Σdx² = 5, Σdxdy = 1,
    /// so slope 0.2 and intercept 0.7; residuals 0.3, −0.9, 0.9, −0.3, s² = 1.8/2;
    /// var(slope) = 0.9/5, var(intercept) = 0.9·(1/4 + 1.5²/5).
    @Test func standardErrorsMatchAHandCalculation() throws {
        let fit = try LinearFit(x: [0, 1, 2, 3], y: [1, 0, 2, 1])
        #expect(abs(fit.slope - 0.2) < 1e-15)
        #expect(abs(fit.intercept - 0.7) < 1e-15)
        #expect(abs(fit.residualSumOfSquares - 1.8) < 1e-14)
        #expect(abs(fit.slopeStandardError - 0.18.squareRoot()) < 1e-15)
        #expect(abs(fit.interceptStandardError - 0.63.squareRoot()) < 1e-15)
    }

    @Test func badPointsAreRefused() {
        #expect(throws: NumericalError.sizeMismatch(operation: "a linear fit", expected: 3, found: 2)) {
            try LinearFit(x: [1, 2, 3], y: [1, 2])
        }
        #expect(throws: NumericalError.tooFewValues(operation: "a linear fit", needed: 3, found: 2)) {
            try LinearFit(x: [1, 2], y: [1, 2])
        }
        #expect(throws: NumericalError.self) { try LinearFit(x: [1, 1, 1], y: [1, 2, 3]) }
        #expect(throws: NumericalError.self) { try LinearFit(x: [1, 2, 3], y: [1, .nan, 3]) }
        #expect(throws: NumericalError.self) { try LinearFit(x: [1, .infinity, 3], y: [1, 2, 3]) }
    }
}
