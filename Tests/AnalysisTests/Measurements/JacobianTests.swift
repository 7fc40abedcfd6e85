import Foundation
import Kernels
import NumericalMethods
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@testable import Analysis

@Suite("Singular values of the Jacobian")
struct JacobianTests {
    private func spectrum(_ stack: LinearStack, from: Int? = nil, to: Int? = nil) throws -> JacobianSpectrum {
        try #require(try stack.run([.jacobian(from: from, to: to)]).jacobian)
    }

    /// (1 + aQ)ⁿ with an orthogonal, antisymmetric Q has the one singular value (1 + a²)^{n/2}.
    @Test func turnsHaveOneSingularValue() throws {
        let (n, a) = (10, 0.75)
        let stack = LinearStack(
            matrix: [0, -a, 0, 0, a, 0, 0, 0, 0, 0, 0, -a, 0, 0, a, 0], features: 4, count: n)
        let found = try spectrum(stack)
        let expected = Double(n) / 2 * log10(1 + a * a)
        // Twenty matrix products of rounding.
        #expect(abs(found.largestLog10 - expected) < 1e-13)
        #expect(abs(try #require(found.smallestLog10) - expected) < 1e-13)
        #expect(found.steps == 1, "the first direction is invariant")
        #expect(found.largestRelativeError < 1e-12)
        // ‖A v‖² = (1 + a²)ⁿ ‖v‖², with ‖v‖² of 24 normal numbers over 24: its own spread is the error.
        #expect(found.meanSquareRelativeStandardError > 0 && found.meanSquareRelativeStandardError < 0.3)
        #expect(
            abs(pow(10, found.meanSquareLog10 - 2 * expected) - 1)
                < 5 * found.meanSquareRelativeStandardError)
        #expect(abs(try #require(found.directMeanSquareLog10)) < 0.5, "the shortcuts are the identity")
    }

    /// A known spectrum without shortcuts: W = diag(s), so that the values are sⁿ, each six times in a batch of 6.
    @Test func diagonalMatricesHaveTheirPowers() throws {
        let values = [0.5, 1.5, 3]
        let stack = LinearStack(
            matrix: [values[0], 0, 0, 0, values[1], 0, 0, 0, values[2]], features: 3, count: 4, isPlain: true)
        let found = try spectrum(stack)
        // Three distinct values exhaust the space; what rounding leaves of it repeats them.
        #expect(found.steps >= 3)
        #expect(abs(found.largestLog10 - 4 * log10(3)) < 1e-12)
        #expect(abs(try #require(found.smallestLog10) - 4 * log10(0.5)) < 1e-9)
        #expect(abs(try #require(found.conditionLog10) - 4 * log10(6)) < 1e-9)
        #expect(found.directMeanSquareLog10 == nil, "there is no shortcut")
        let part = try spectrum(stack, from: 1, to: 3)
        #expect(abs(part.largestLog10 - 2 * log10(3)) < 1e-12)
    }

    @Test func frozenBranchesAreTheIdentity() throws {
        let units = (0..<4).map { _ in
            OwnUnit.scaling(0.1, branch: 0)
        }
        let found = try spectrum(LinearStack(features: 3, units: units))
        #expect(abs(found.largestLog10 + 4) < 1e-13 && abs((found.smallestLog10 ?? 0) + 4) < 1e-13)
        #expect(abs(found.meanSquareLog10 - (try #require(found.directMeanSquareLog10))) < 1e-13)
    }

    /// Values far outside the range of numbers.
    @Test func exponentsAreCarried() throws {
        let stack = LinearStack(
            features: 2, lambdas: Array(repeating: 1e-3, count: 200),
            branches: Array(repeating: 1e-3, count: 200))
        let found = try spectrum(stack)
        #expect(abs(found.largestLog10 - 200 * log10(2e-3)) < 1e-9)
    }

    @Test func nothingIsNothing() throws {
        let measured = try LinearStack(features: 2, lambdas: [0], branches: [0])
            .run([.jacobian(from: nil, to: nil)])
        #expect(measured.jacobian == nil)
        #expect(measured.omissions.map(\.reason) == [MeasurementObstacle.everythingZero.description])
    }

    /// A random dense matrix against its singular value decomposition, from either side.
    @Test(arguments: [(12, 9), (9, 12)])
    func golubKahanFindsTheExtremes(rows: Int, columns: Int) throws {
        let matrix: Tensor<Double> = randomTensor(Shape(rows, columns), seed: 4, name: "matrix")
        let elements = matrix.elements
        func apply(_ v: Tensor<Double>) -> ScaledTensor<Double> {
            let x = v.elements
            let y = (0..<rows).map { i in (0..<columns).reduce(0) { $0 + elements[i * columns + $1] * x[$1] }
            }
            // Under a scale: it has to be carried.
            return ScaledTensor(Tensor(y, shape: Shape(1, rows)), factor: 1, exponent: 3000)
        }
        func transposed(_ u: Tensor<Double>) -> ScaledTensor<Double> {
            let x = u.elements
            let y = (0..<columns).map { j in (0..<rows).reduce(0) { $0 + elements[$1 * columns + j] * x[$1] }
            }
            return ScaledTensor(Tensor(y, shape: Shape(1, columns)), factor: 1, exponent: 3000)
        }
        let isTall = rows >= columns
        let start: Tensor<Double> = randomTensor(Shape(1, min(rows, columns)), seed: 5, name: "start")
        let expected = try SmallSVD(elements, rows: rows, columns: columns).singularValues
        for steps in [4, 9] {
            let found = try GolubKahan(
                start: start, steps: steps, apply: isTall ? apply : transposed,
                applyTransposed: isTall ? transposed : apply)
            let scale = scalbn(1.0, found.exponent - 3000)
            #expect(found.values.count == steps)
            for value in found.values {
                let nearest = expected.map { abs($0 - value.value * scale) }.min() ?? .infinity
                // The bound is exact but for rounding.
                #expect(nearest <= value.residual * scale + 1e-12 * expected[0])
            }
            if steps == 9 {
                #expect(abs(found.values[0].value * scale - expected[0]) < 1e-12 * expected[0])
                #expect(abs(found.values[8].value * scale - expected[8]) < 1e-12 * expected[0])
            }
        }
    }
}
