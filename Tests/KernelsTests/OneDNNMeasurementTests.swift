import Tensors
import Testing

@testable import Kernels

@Suite("OneDNN measurement", .serialized)
struct OneDNNMeasurementTests {
    static let shapes = [Shape(1, 1), Shape(16, 64), Shape(2, 17, 5, 7), Shape(4, 40, 33, 31)]

    @Test(arguments: shapes)
    func sumsAgreeWithPlainLoops(shape: Shape) {
        let kernels = Float.kernels
        for block in [1, 8, 16] {
            let x = Tensor<Float>.random(shape, block: block, seed: 1)
            let y = Tensor<Float>.random(shape, block: block, seed: 2)
            let squares = Plain.dot(x.doubles, x.doubles)
            #expect(abs(kernels.sumOfSquares(x) / squares - 1) < elementTolerance)
            let expected = Plain.dot(x.doubles, y.doubles)
            #expect(abs(kernels.dot(x, y) - expected) < elementTolerance * squares)
            #expect(kernels.negativeCount(x) == x.elements.filter { $0 < 0 }.count)
        }
    }

    /// Squares of 1e25 and of 1e−25 are outside Float's range, inside Double's.
    @Test(arguments: [1e25, 1e-25])
    func sumsLeaveFloatsRange(size: Double) {
        let kernels = Float.kernels
        let x = kernels.scale(.random(Shape(3, 20, 9, 9), block: 16, seed: 3), by: size)
        let expected = Plain.dot(x.doubles, x.doubles)
        #expect(abs(kernels.sumOfSquares(x) / expected - 1) < elementTolerance)
    }

    @Test func sumsDoNotDependOnTheThreadCount() {
        let kernels = Float.kernels
        let previous = ComputeThreads.count
        defer { ComputeThreads.count = previous }
        let shape = Shape(3, 40, 33, 31)
        let (x, y) = (
            Tensor<Float>.random(shape, block: 16, seed: 4), Tensor<Float>.random(shape, block: 16, seed: 5)
        )
        let map = OneDNNNormalizationTests.normalization(x, .rectifier, .ofBatch)
        func measure(threads: Int) -> ([Double], [Float], DecompositionSums) {
            ComputeThreads.count = threads
            let statistics = kernels.channelStatistics(x)
            let numbers = [
                kernels.sumOfSquares(x), kernels.dot(x, y), kernels.combineMeasured(x, 2, y, 3).squaredNorm,
            ]
            let step = OneDNNDecompositionTests.step(shape, block: 16)
            return (
                numbers + statistics.mean + statistics.variance,
                kernels.normalizePullback(y, at: x, map).elements, kernels.decompose(step).sums
            )
        }
        let (one, two) = (measure(threads: 1), measure(threads: 2))
        #expect(one.0 == two.0)
        #expect(one.1 == two.1)
        #expect(one.2 == two.2)
    }

    @Test func combineMeasuredUsesUnsharedMemory() {
        let kernels = Float.kernels
        let shape = Shape(2, 17, 9, 9)
        let (x, y) = (
            Tensor<Float>.random(shape, block: 16, seed: 6), Tensor<Float>.random(shape, block: 16, seed: 7)
        )
        let expected = zip(x.doubles, y.doubles).map { 1.5 * $0 - 0.5 * $1 }
        let before = x.elements
        let (shared, sharedNorm) = kernels.combineMeasured(x, 1.5, y, -0.5)
        #expect(x.elements == before, "a shared tensor was written to")
        var own = Tensor<Float>.random(shape, block: 16, seed: 6)
        let address = own.withUnsafeMutableBufferPointer { $0.baseAddress }
        let (unshared, norm) = kernels.combineMeasured(consume own, 1.5, y, -0.5)
        #expect(unshared.withUnsafeBufferPointer { $0.baseAddress } == UnsafePointer(address))
        expectClose(shared, expected, tolerance: elementTolerance)
        expectClose(unshared, expected, tolerance: elementTolerance)
        #expect(norm == sharedNorm && abs(norm / Plain.dot(expected, expected) - 1) < elementTolerance)
    }
}
