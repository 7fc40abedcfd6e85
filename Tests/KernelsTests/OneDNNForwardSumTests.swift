import Tensors
import Testing

@testable import Kernels

@Suite("OneDNN forward sum")
struct OneDNNForwardSumTests {
    static func step(
        _ shape: Shape, block: Int, previousCoefficient: Double = 0.75, carriedCoefficient: Double = -1.25
    ) -> ForwardSumStep<Float> {
        ForwardSumStep(
            previous: .random(shape, block: block, seed: 21), previousCoefficient: previousCoefficient,
            branch: .random(shape, block: block, seed: 22), branchCoefficient: 0.5,
            value: .random(shape, block: block, seed: 23), carried: .random(shape, block: block, seed: 24),
            carriedCoefficient: carriedCoefficient)
    }

    private func expectAgreement(_ step: ForwardSumStep<Float>) {
        let (p, f, x, q) = (
            step.previous.doubles, step.branch.doubles, step.value.doubles, step.carried.doubles
        )
        func times(_ a: Double, _ values: [Double]) -> [Double] { values.map { a == 0 ? 0 : a * $0 } }
        let expected = zip(times(step.previousCoefficient, p), times(step.branchCoefficient, f)).map {
            $0 + $1
        }
        let carried = times(step.carriedCoefficient, q)
        let residual = x.indices.map { x[$0] - carried[$0] - expected[$0] }
        let (sum, squares) = Float.kernels.advanceForwardSum(step)
        expectClose(sum, expected, tolerance: elementTolerance)
        for (found, value) in [
            (squares.sum, Plain.dot(expected, expected)), (squares.value, Plain.dot(x, x)),
            (squares.carried, Plain.dot(carried, carried)), (squares.residual, Plain.dot(residual, residual)),
        ] { #expect(abs(found - value) <= elementTolerance * value) }
    }

    @Test(arguments: [Shape(16, 64), Shape(2, 17, 5, 7), Shape(4, 40, 33, 31)], [1, 8, 16])
    func agreesWithPlainLoops(shape: Shape, block: Int) { expectAgreement(Self.step(shape, block: block)) }

    @Test func zeroCoefficientsLeaveTensorsUnread() {
        let shape = Shape(1, 8, 8, 9)
        let poison = Tensor<Float>(Array(repeating: .infinity, count: shape.count), shape: shape, block: 8)
        var step = Self.step(shape, block: 8, previousCoefficient: 0, carriedCoefficient: 0)
        (step.previous, step.carried) = (poison, poison)
        expectAgreement(step)
    }

    /// Squares of 1e30 leave the range of Float.
    @Test func largeValuesAreSummedInDouble() {
        let shape = Shape(2, 16, 6, 6)
        var step = Self.step(shape, block: 16)
        step.value = Float.kernels.scale(step.value, by: 1e30)
        expectAgreement(step)
    }

    @Test func writesInPlaceWhereNothingIsShared() {
        var step = Self.step(Shape(2, 16, 8, 8), block: 16)
        let previous = step.previous.withUnsafeMutableBufferPointer { $0.baseAddress }
        let result = Float.kernels.advanceForwardSum(consume step)
        #expect(result.sum.withUnsafeBufferPointer { $0.baseAddress } == UnsafePointer(previous))
    }
}
