import Kernels
import ProofSupport
import Tensors
import Testing

@Suite("Reference measurement kernels")
struct ReferenceMeasurementTests {
    private let shape = Shape(2, 3, 3, 5)
    private func random(_ name: String) -> Tensor<Double> { randomTensor(shape, seed: 1, name: name) }
    /// Sums of 90 products in another order.
    private func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-13 * max(abs(a), abs(b)) }

    @Test func sumsFollowTheirDefinitions() {
        let (x, y, k) = (random("x"), random("y"), Double.kernels)
        #expect(agree(k.dot(x, y), inner(x, y)))
        #expect(agree(k.sumOfSquares(x), inner(x, x)))
        let signs = Tensor<Double>([-1, 0, -0.0, 2, .nan, -.infinity], shape: Shape(1, 6))
        #expect(k.negativeCount(signs) == 2)
    }

    @Test func combineMeasuredIsCombineAndMeasure() {
        let (x, y, k) = (random("x"), random("y"), Double.kernels)
        for (a, b) in [(2.0, -3.0), (0, 1.5), (0.5, 0), (0, 0)] {
            let (sum, squares) = k.combineMeasured(x, a, y, b)
            #expect(sum.elements == k.combine(x, a, y, b).elements)
            #expect(squares == k.sumOfSquares(sum))
        }
    }

    @Test func forwardSumStepFollowsItsDefinition() {
        let (x, p, f, q) = (random("x"), random("p"), random("f"), random("q"))
        for (c, a) in [(0.5, 0.7), (1, -2), (0, 0.3), (-1, 0)] {
            let (sum, squares) = Double.kernels.advanceForwardSum(
                ForwardSumStep(
                    previous: p, previousCoefficient: c, branch: f, branchCoefficient: 1.5, value: x,
                    carried: q, carriedCoefficient: a))
            let expected = combination(c, p, 1.5, f)
            let residual = combination(1, x, -1, combination(a, q, 1, expected))
            #expect(agree(squares.sum, inner(expected, expected)))
            #expect(agree(inner(sum, sum), inner(expected, expected)))
            #expect(agree(squares.residual, inner(residual, residual)))
            #expect(agree(squares.value, inner(x, x)))
            #expect(agree(squares.carried, a * a * inner(q, q)))
        }
    }

    @Test func decompositionStepFollowsItsDefinition() {
        let (g, w, j, d) = (random("g"), random("w"), random("j"), random("d"))
        for throughCoefficient in [0.25, 0] {
            let found = Double.kernels.decompose(
                DecompositionStep(
                    total: g, totalCoefficient: 0.5, throughWeights: w,
                    throughWeightsCoefficient: throughCoefficient, branch: j, branchInTotal: 2,
                    branchInThroughWeights: -1, direct: d,
                    residual: (total: 1, direct: 0.5, throughWeights: 4)))
            let total = combination(0.5, g, 2, j)
            let through = combination(throughCoefficient, w, -1, j)
            #expect(relativeError(found.total, total) < 1e-15)
            #expect(relativeError(found.throughWeights, through) < 1e-15)
            #expect(agree(found.sums.total, inner(total, total)))
            #expect(agree(found.sums.throughWeights, inner(through, through)))
            #expect(agree(found.sums.direct, inner(d, d)))
            #expect(
                abs(found.sums.directTimesThroughWeights - inner(d, through)) < 1e-13 * norm(d)
                    * norm(through))
            let residual = combination(1, total, -1, combination(0.5, d, 4, through))
            #expect(agree(found.sums.residual, inner(residual, residual)))
        }
    }

    /// A tensor of coefficient 0 may hold anything.
    @Test func deadTensorsAreNotRead() {
        let poison = random("x").map { _ in Double.nan }
        let found = Double.kernels.decompose(
            DecompositionStep(
                total: random("g"), totalCoefficient: 1, throughWeights: poison, throughWeightsCoefficient: 0,
                branch: random("j"), branchInTotal: 1, branchInThroughWeights: 1, direct: poison,
                residual: (total: 1, direct: 0, throughWeights: 1)))
        #expect(
            found.sums.residual.isFinite && found.sums.total.isFinite && found.sums.throughWeights.isFinite)
    }
}
