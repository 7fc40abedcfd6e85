import NumericalMethods
import RealModule
import Testing

@Suite struct RootFindingTests {
    @Test func findsKnownZeros() throws {
        let root = try RootFinding.brent(in: 0...2) { $0 * $0 - 2 }
        #expect(abs(root - 2.0.squareRoot()) < 3e-12)  // twice the default tolerance of 1e-12
        // The Dottie number, OEIS A003957.
        let fixedPoint = try RootFinding.brent(in: 0...1) { Double.cos($0) - $0 }
        #expect(abs(fixedPoint - 0.739085133215160641) < 2e-12)
    }

    @Test func zeroAtAnEndIsFound() throws {
        #expect(try RootFinding.brent(in: 0...1) { $0 } == 0)
        #expect(try RootFinding.brent(in: -1...0) { $0 } == 0)
    }

    @Test func tripleRootConverges() throws {
        let root = try RootFinding.brent(in: -1...2, absoluteTolerance: 1e-12) { $0 * $0 * $0 }
        #expect(abs(root) <= 1e-12)
    }

    @Test func badBracketsAreRefused() {
        #expect(throws: NumericalError.self) { try RootFinding.brent(in: 2...3) { $0 * $0 - 2 } }
        #expect(throws: NumericalError.self) { try RootFinding.brent(in: 0...Double.infinity) { $0 - 1 } }
        #expect(throws: NumericalError.self) { try RootFinding.brent(in: 0...1) { _ in .nan } }
    }
}
