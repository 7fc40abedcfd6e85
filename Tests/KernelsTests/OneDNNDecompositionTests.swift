import Tensors
import Testing

@testable import Kernels

@Suite("OneDNN decomposition")
struct OneDNNDecompositionTests {
    static func step(_ shape: Shape, block: Int) -> DecompositionStep<Float> {
        DecompositionStep(
            total: .random(shape, block: block, seed: 11), totalCoefficient: 0.75,
            throughWeights: .random(shape, block: block, seed: 12), throughWeightsCoefficient: -1.25,
            branch: .random(shape, block: block, seed: 13), branchInTotal: 0.5, branchInThroughWeights: 2,
            direct: .random(shape, block: block, seed: 14),
            residual: (total: 1, direct: 0.25, throughWeights: 0.5))
    }

    struct Expected {
        var total: [Double]
        var throughWeights: [Double]
        var sums = DecompositionSums()

        init(_ s: DecompositionStep<Float>) {
            let (g, w, j, d) = (s.total.doubles, s.throughWeights.doubles, s.branch.doubles, s.direct.doubles)
            func combined(_ a: Double, _ x: [Double], _ b: Double) -> [Double] {
                zip(x, j).map { (a == 0 ? 0 : a * $0) + (b == 0 ? 0 : b * $1) }
            }
            total = combined(s.totalCoefficient, g, s.branchInTotal)
            throughWeights = combined(s.throughWeightsCoefficient, w, s.branchInThroughWeights)
            sums.total = Plain.dot(total, total)
            sums.direct = Plain.dot(d, d)
            sums.throughWeights = Plain.dot(throughWeights, throughWeights)
            sums.directTimesThroughWeights = Plain.dot(d, throughWeights)
            let residual = d.indices.map {
                s.residual.total * total[$0] - s.residual.direct * d[$0]
                    - s.residual.throughWeights * throughWeights[$0]
            }
            sums.residual = Plain.dot(residual, residual)
        }
    }

    private func expectClose(_ found: DecompositionSums, _ expected: DecompositionSums) {
        for path in [\DecompositionSums.total, \.direct, \.throughWeights, \.residual] {
            #expect(
                abs(found[keyPath: path] - expected[keyPath: path]) <= elementTolerance
                    * expected[keyPath: path])
        }
        let size = (expected.direct * expected.throughWeights).squareRoot()
        #expect(
            abs(found.directTimesThroughWeights - expected.directTimesThroughWeights)
                <= elementTolerance * size)
    }

    @Test(arguments: [Shape(16, 64), Shape(2, 17, 5, 7), Shape(4, 40, 33, 31)], [1, 8, 16])
    func agreesWithPlainLoops(shape: Shape, block: Int) {
        let step = Self.step(shape, block: block)
        let expected = Expected(step)
        let (total, throughWeights, sums) = Float.kernels.decompose(step)
        KernelsTests.expectClose(total, expected.total, tolerance: elementTolerance)
        KernelsTests.expectClose(throughWeights, expected.throughWeights, tolerance: elementTolerance)
        expectClose(sums, expected.sums)
        #expect(
            step.total.elements == Self.step(shape, block: block).total.elements, "a shared tensor changed")
    }

    @Test func writesInPlaceWhereNothingIsShared() {
        var step = Self.step(Shape(2, 16, 8, 8), block: 16)
        let total = step.total.withUnsafeMutableBufferPointer { $0.baseAddress }
        let throughWeights = step.throughWeights.withUnsafeMutableBufferPointer { $0.baseAddress }
        let result = Float.kernels.decompose(consume step)
        #expect(result.total.withUnsafeBufferPointer { $0.baseAddress } == UnsafePointer(total))
        #expect(
            result.throughWeights.withUnsafeBufferPointer { $0.baseAddress } == UnsafePointer(throughWeights))
    }

    /// The first step: g, d and the unread w are one tensor.
    @Test func firstStepMayShareOneTensor() {
        let start = Tensor<Float>.random(Shape(2, 16, 8, 8), block: 16, seed: 15)
        let before = start.elements
        let step = DecompositionStep(
            total: start, totalCoefficient: 1, throughWeights: start, throughWeightsCoefficient: 0,
            branch: .random(start.shape, block: 16, seed: 16), branchInTotal: 1, branchInThroughWeights: 1,
            direct: start, residual: (total: 1, direct: 1, throughWeights: 1))
        let expected = Expected(step)
        let result = Float.kernels.decompose(step)
        #expect(start.elements == before)
        KernelsTests.expectClose(result.total, expected.total, tolerance: elementTolerance)
        KernelsTests.expectClose(result.throughWeights, expected.throughWeights, tolerance: elementTolerance)
        // g = d + w up to rounding: one rounding per element at most.
        #expect(result.sums.residual <= 1e-13 * result.sums.total)
    }

    @Test func zeroCoefficientsLeaveTensorsUnread() {
        let poison = Tensor<Float>(
            Array(repeating: .infinity, count: 512), shape: Shape(1, 8, 8, 8), block: 8)
        var step = Self.step(poison.shape, block: 8)
        step.throughWeights = poison
        step.throughWeightsCoefficient = 0
        let result = Float.kernels.decompose(step)
        #expect(result.sums.throughWeights.isFinite && result.sums.residual.isFinite)
    }
}
