import NumericalMethods
import RealModule
import Testing

/// Against closed forms, to the relative 1e−10 that the quadrature is asked for.
@Suite struct GaussianExpectationTests {
    static let deviations = [1e-3, 0.5, 1.0, 7.0, 1e3]

    @Test(arguments: deviations) func momentsOfReLU(deviation: Double) throws {
        let mean = try GaussianExpectation.mean(standardDeviation: deviation) { max($0, 0) }
        let expected = deviation / (2 * Double.pi).squareRoot()
        #expect(abs(mean - expected) < 1e-10 * expected)
        let square = try GaussianExpectation.mean(standardDeviation: deviation) { max($0, 0) * max($0, 0) }
        #expect(abs(square - deviation * deviation / 2) < 1e-10 * deviation * deviation)
    }

    /// E max(σz − c, 0) = σ·density(c/σ) − c·(1 − Φ(c/σ)).
    @Test(arguments: [-1.5, 0.25, 2.0]) func kinkAwayFromZero(kink: Double) throws {
        let deviation = 1.3
        let mean = try GaussianExpectation.mean(standardDeviation: deviation, kinks: [kink]) {
            max($0 - kink, 0)
        }
        let upperTail = Double.erfc(kink / deviation / 2.0.squareRoot()) / 2
        let expected = deviation * GaussianExpectation.density(kink / deviation) - kink * upperTail
        #expect(abs(mean - expected) < 1e-10 * expected)
    }

    @Test func smoothFunctions() throws {
        let cosine = try GaussianExpectation.mean(standardDeviation: 2, kinks: []) { Double.cos($0) }
        #expect(abs(cosine - Double.exp(-2)) < 1e-10)
        let growth = try GaussianExpectation.mean(standardDeviation: 2) { Double.exp($0) }
        #expect(abs(growth - Double.exp(2)) < 1e-10 * Double.exp(2))
    }

    /// A step is harder for smooth rules than a kink: E[z > 0] = 1/2.
    @Test func step() throws {
        let half = try GaussianExpectation.mean(standardDeviation: 3) { $0 > 0 ? 1 : 0 }
        #expect(abs(half - 0.5) < 1e-10)
    }

    @Test func oddFunctionsGiveZero() throws {
        #expect(try GaussianExpectation.mean(standardDeviation: 2) { Double.tanh($0) } == 0)
    }

    /// Halves that cancel without being odd: E[z² − 1] = 0 up to rounding of E|φ|.
    @Test func cancellationIsNoError() throws {
        let mean = try GaussianExpectation.mean(standardDeviation: 1, kinks: []) { $0 * $0 - 1 }
        #expect(abs(mean) < 1e-12)
    }

    @Test func noDeviationReadsThePoint() throws {
        #expect(try GaussianExpectation.mean(standardDeviation: 0) { $0 + 4 } == 4)
    }

    @Test func badDeviationsAreRefused() {
        for deviation in [-1, .nan, .infinity] {
            #expect(throws: NumericalError.self) {
                try GaussianExpectation.mean(standardDeviation: deviation) { $0 }
            }
        }
    }
}
