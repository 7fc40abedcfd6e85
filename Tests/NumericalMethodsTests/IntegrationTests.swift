import NumericalMethods
import RealModule
import Testing

@Suite struct IntegrationTests {
    /// The relative tolerance asked for by default, 1e−10; smooth integrands get
    /// far closer.
    let tolerance = 1e-10

    @Test func polynomialAndExponential() throws {
        let cubic = try Integration.integrate(from: -1, to: 2) { $0 * $0 * $0 }
        #expect(abs(cubic.value - 3.75) < 3.75 * tolerance)
        let decay = try Integration.integrate(from: 0, to: .infinity) { Double.exp(-$0) }
        #expect(abs(decay.value - 1) < tolerance)
    }

    @Test func wholeLine() throws {
        let bell = try Integration.integrate(from: -.infinity, to: .infinity) { Double.exp(-$0 * $0) }
        #expect(abs(bell.value - Double.pi.squareRoot()) < 2 * tolerance)
    }

    /// ∫ |x − 1/3| e^{−|x|} over the line is 2(1/3 + e^{−1/3}) − 2/3 + …: by parts,
    /// E|X − c| for the density e^{−|x|}/2 is |c| + e^{−|c|}, so twice that.
    @Test func kinksAndInfiniteEnds() throws {
        let integral = try Integration.integrate(
            from: -.infinity, to: .infinity, breakpoints: [0, 1.0 / 3]
        ) { abs($0 - 1.0 / 3) * Double.exp(-abs($0)) }
        #expect(abs(integral.value - 2 * (1.0 / 3 + Double.exp(-1.0 / 3))) < 3 * tolerance)
    }

    @Test func breakpointsOutsideAreIgnored() throws {
        let plain = try Integration.integrate(from: 0, to: 1) { $0 }
        let split = try Integration.integrate(from: 0, to: 1, breakpoints: [-5, 0, 0.5, 0.5, 1, 9]) { $0 }
        #expect(abs(plain.value - split.value) < tolerance)
    }

    @Test func whatCannotBeIntegratedIsAnError() {
        #expect(throws: NumericalError.self) { try Integration.integrate(from: 1, to: 0) { $0 } }
        #expect(throws: NumericalError.self) { try Integration.integrate(from: .nan, to: 0) { $0 } }
        #expect(throws: NumericalError.self) {
            try Integration.integrate(from: 0, to: 1, breakpoints: [.nan]) { $0 }
        }
        #expect(throws: NumericalError.self) { try Integration.integrate(from: 0, to: 1) { _ in .nan } }
        // Not integrable: 1/x at 0.
        #expect(throws: NumericalError.self) { try Integration.integrate(from: 0, to: 1) { 1 / $0 } }
    }
}
