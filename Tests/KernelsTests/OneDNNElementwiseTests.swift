import Foundation
import Tensors
import Testing

@testable import Kernels

@Suite("OneDNN element-wise")
struct OneDNNElementwiseTests {
    typealias Case = OneDNNNormalizationTests.Case

    @Test(arguments: OneDNNNormalizationTests.cases)
    func mapsAgreeWithPlainLoops(_ example: Case) {
        let kernels = Float.kernels
        let x = Tensor<Float>.random(example.shape, block: example.block, seed: 1)
        let y = Tensor<Float>.random(example.shape, block: example.block, seed: 2)
        let pairs = Array(zip(x.doubles, y.doubles))
        expectClose(kernels.rectify(x), x.doubles.map { max(0, $0) }, tolerance: 0)
        expectClose(kernels.keep(x, wherePositive: y), pairs.map { $1 > 0 ? $0 : 0 }, tolerance: 0)
        expectClose(kernels.multiply(x, y), pairs.map { $0 * $1 }, tolerance: elementTolerance)
        expectClose(kernels.scale(x, by: -0.3), x.doubles.map { -0.3 * $0 }, tolerance: elementTolerance)
        expectClose(
            kernels.combine(x, 0.5, y, -2), pairs.map { 0.5 * $0 - 2 * $1 }, tolerance: elementTolerance)
        let wide = kernels.scale(x, by: 20)
        expectClose(
            kernels.sigmoid(wide, offset: 0), wide.doubles.map { 1 / (1 + exp(-$0)) },
            tolerance: elementTolerance)
    }

    @Test func sigmoidHoldsAtItsEnds() {
        let x = Tensor<Float>([-200, -80, -20, 0, 20, 200, .infinity, -.infinity], shape: Shape(1, 8))
        let y = Float.kernels.sigmoid(x, offset: 0).elements
        for (x, y) in zip(x.doubles, y) {
            let expected = 1 / (1 + exp(-x))
            // Below the least subnormal number nothing is left.
            #expect(
                abs(Double(y) - expected) <= 1e-6 * expected + Double(Float.leastNonzeroMagnitude),
                "σ(\(x)) = \(y)")
        }
        #expect(Float.kernels.sigmoid(Tensor([.nan], shape: Shape(1, 1)), offset: 0).elements[0].isNaN)
    }

    @Test func rectifierHasDerivativeZeroAtZeroAndKeepsNaN() {
        let kernels = Float.kernels
        let x = Tensor<Float>([.nan, -1, 0, 2, -.infinity, .infinity], shape: Shape(1, 6))
        let y = kernels.rectify(x).elements
        #expect(y[0].isNaN && y[1...].elementsEqual([0, 0, 2, 0, .infinity]))
        let ones = Tensor<Float>(Array(repeating: 1, count: 6), shape: Shape(1, 6))
        #expect(kernels.keep(ones, wherePositive: x).elements == [0, 0, 0, 1, 0, 1])
    }

    /// A temporary's memory serves the result; a tensor that is still in use is left alone.
    @Test func resultsTakeTheMemoryOfTemporaries() {
        let kernels = Float.kernels
        let shape = Shape(2, 17, 9, 9)
        let y = Tensor<Float>.random(shape, block: 16, seed: 8)
        let map = OneDNNNormalizationTests.normalization(y, .rectifier, .ofBatch)
        let operations: [(consuming Tensor<Float>) -> Tensor<Float>] = [
            { kernels.normalize($0, map) }, { kernels.normalizePullback($0, at: y, map) },
            { kernels.normalizePushforward($0, at: y, map) }, { kernels.rectify($0) },
            { kernels.keep($0, wherePositive: y) }, { kernels.multiply($0, y) },
            { kernels.combine($0, 2, y, 3) }, { kernels.scale($0, by: 2) },
            { kernels.sigmoid($0, offset: 0) },
        ]
        for (index, operation) in operations.enumerated() {
            let shared = Tensor<Float>.random(shape, block: 16, seed: 9)
            let before = shared.elements
            let expected = operation(shared).elements
            #expect(shared.elements == before, "operation \(index) wrote to a tensor in use")
            var own = Tensor<Float>.random(shape, block: 16, seed: 9)
            let address = own.withUnsafeMutableBufferPointer { UnsafePointer($0.baseAddress) }
            let result = operation(consume own)
            #expect(result.elements == expected)
            #expect(result.withUnsafeBufferPointer { $0.baseAddress } == address, "operation \(index)")
        }
    }

    @Test func zeroCoefficientLeavesItsTensorUnread() {
        let kernels = Float.kernels
        let poison = Tensor<Float>(Array(repeating: .infinity, count: 40), shape: Shape(1, 40))
        let x = Tensor<Float>.random(Shape(1, 40), seed: 3)
        #expect(kernels.combine(poison, 0, x, 1).elements == x.elements)
        #expect(kernels.combine(x, 1, poison, 0).elements == x.elements)
        #expect(kernels.combineMeasured(poison, 0, x, 1).0.elements == x.elements)
        #expect(kernels.scale(poison, by: 0).elements.allSatisfy { $0 == 0 })
    }

    @Test(arguments: [1, 8, 16])
    func globalAverageAgreesWithPlainLoops(block: Int) throws {
        let kernels = Float.kernels
        for shape in [Shape(2, 17, 5, 7), Shape(3, 16, 30, 30), Shape(2, 5, 1, 1)] {
            let x = Tensor<Float>.random(shape, block: block, seed: 6, offset: 0.5)
            let y = try kernels.globalAverage(x)
            #expect(y.block == 1 && y.shape == Shape(shape.batch, shape.channels))
            let expected = (0..<shape.batch * shape.channels).map { plane in
                x.doubles[(plane * shape.area)..<((plane + 1) * shape.area)].reduce(0, +) / Double(shape.area)
            }
            expectClose(y, expected, tolerance: elementTolerance)
            let cotangent = Tensor<Float>.random(y.shape, seed: 7)
            let back = try kernels.globalAveragePullback(cotangent, to: shape)
            #expect(back.shape == shape && back.block == (shape.isVector ? 1 : OneDNNKernels.channelBlock))
            #expect(back.hasZeroPadding)
            expectAdjoint(y, cotangent, x, back, tolerance: sumTolerance)
        }
    }
}
