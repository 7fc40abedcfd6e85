import Kernels
import ProofSupport
import Tensors
import Testing

/// Serialised because the number of threads belongs to the process. The reference kernels' results do not
/// depend on it, which is what is tested, so other tests do not mind.
@Suite("Reference kernels as a whole", .serialized)
struct ReferenceKernelsTests {
    /// `cblas_dgemm` is OpenBLAS's, not that of GSL's own libgslcblas.
    @Test func matrixProductsComeFromOpenBLAS() {
        #expect(ReferenceKernels.libraryPath.lowercased().contains("openblas"), "\(ReferenceKernels.libraryPath)")
        #expect(!ReferenceKernels.libraryPath.contains("gslcblas"))
        #expect(ReferenceKernels.libraryVersion.contains("OpenBLAS"), "\(ReferenceKernels.libraryVersion)")
    }

    /// Large enough to be spread over threads: 16·9·16·16·16 · 4 multiply-adds.
    @Test func threadsDoNotChangeABit() throws {
        let geometry = ConvolutionGeometry(
            input: Shape(5, 16, 16, 16), outputChannels: 16, kernel: 3, stride: 1, padding: 1)
        let x: Tensor<Double> = randomTensor(geometry.input, seed: 1, name: "x")
        let u: Tensor<Double> = randomTensor(geometry.output, seed: 1, name: "u")
        let filter: Tensor<Double> = randomTensor(geometry.filter, seed: 1, name: "filter")
        func results(threads: Int) throws -> [[Double]] {
            let before = ComputeThreads.count
            defer { ComputeThreads.count = before }
            ComputeThreads.count = threads
            let k = Double.kernels
            let statistics = k.channelStatistics(x)
            let n = Normalization(
                statistics, epsilon: 1e-5, scale: Array(repeating: 1.5, count: 16),
                shift: Array(repeating: 0.1, count: 16), activation: .rectifier, statistics: .ofBatch)
            return [
                try k.convolution(x, filter, geometry).elements,
                try k.convolutionPullback(u, filter, geometry).elements, statistics.mean, statistics.variance,
                k.normalize(x, n).elements, k.normalizePullback(u, at: x, n).elements,
                k.normalizePushforward(u, at: x, n).elements, [k.dot(x, u), k.sumOfSquares(x)],
            ]
        }
        let one = try results(threads: 1)
        for threads in [2, 3, 8] { #expect(try results(threads: threads) == one, "\(threads) threads") }
    }
}
