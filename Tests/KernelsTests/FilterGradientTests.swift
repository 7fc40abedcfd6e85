import Tensors
import Testing

@testable import Kernels

/// Pull-backs to parameters: what oneDNN and the fused kernels find against the plain Double kernels, and those
/// against the bilinear identity.
@Suite("Gradients of filters and normalisations")
struct FilterGradientTests {
    static let geometries = [
        // Blocked and unblocked, padding channels on either side, strides, odd extents, batch 1.
        (
            ConvolutionGeometry(
                input: Shape(2, 16, 8, 8), outputChannels: 16, kernel: 3, stride: 1, padding: 1), 16
        ),
        (
            ConvolutionGeometry(
                input: Shape(3, 3, 9, 7), outputChannels: 20, kernel: 3, stride: 2, padding: 1), 16
        ),
        (
            ConvolutionGeometry(
                input: Shape(1, 5, 5, 5), outputChannels: 7, kernel: 3, stride: 1, padding: 1), 8
        ),
        (
            ConvolutionGeometry(
                input: Shape(2, 32, 6, 6), outputChannels: 64, kernel: 1, stride: 2, padding: 0), 16
        ),
        (
            ConvolutionGeometry(
                input: Shape(4, 64, 4, 4), outputChannels: 16, kernel: 1, stride: 1, padding: 0), 16
        ),
        // Images smaller than the filter.
        (
            ConvolutionGeometry(
                input: Shape(5, 24, 2, 2), outputChannels: 16, kernel: 3, stride: 1, padding: 1), 8
        ),
        (
            ConvolutionGeometry(
                input: Shape(3, 5, 1, 4), outputChannels: 9, kernel: 3, stride: 1, padding: 1), 8
        ),
        (
            ConvolutionGeometry(
                input: Shape(2, 3, 4, 6), outputChannels: 2, kernel: 5, stride: 1, padding: 2), 1
        ),
        // The ImageNet stem, on an even and an odd extent.
        (
            ConvolutionGeometry(
                input: Shape(2, 3, 14, 14), outputChannels: 16, kernel: 7, stride: 2, padding: 3), 16
        ),
        (
            ConvolutionGeometry(
                input: Shape(1, 3, 15, 11), outputChannels: 5, kernel: 7, stride: 2, padding: 3), 8
        ),
        (ConvolutionGeometry(input: Shape(7, 19), outputChannels: 5, kernel: 1, stride: 1, padding: 0), 1),
    ]

    @Test(arguments: geometries)
    func oneDNNAgreesWithTheReference(_ geometry: ConvolutionGeometry, block: Int) throws {
        let x = Tensor<Float>.random(geometry.input, block: block, seed: 1)
        let c = Tensor<Float>.random(geometry.output, block: block, seed: 2)
        let found = try OneDNNKernels().convolutionFilterGradient(c, at: x, geometry)
        let expected = try ReferenceKernels().convolutionFilterGradient(
            c.converted(), at: x.converted(), geometry)
        #expect(found.shape == geometry.filter && found.block == 1)
        expectClose(found, expected.elements, tolerance: sumTolerance)
    }

    /// ⟨c, W ∗ x⟩ is linear in W: its gradient, multiplied by any W, gives it back.
    @Test(arguments: geometries)
    func referenceIsTheGradientOfABilinearForm(_ geometry: ConvolutionGeometry, block: Int) throws {
        let kernels = ReferenceKernels()
        let x: Tensor<Double> = Tensor<Float>.random(geometry.input, seed: 3).converted()
        let c: Tensor<Double> = Tensor<Float>.random(geometry.output, seed: 4).converted()
        let w: Tensor<Double> = Tensor<Float>.random(geometry.filter, seed: 5).converted()
        let value = kernels.dot(c, try kernels.convolution(x, w, geometry))
        let gradient = try kernels.convolutionFilterGradient(c, at: x, geometry)
        // Sums of a few thousand products in Double.
        let size = (kernels.sumOfSquares(gradient) * kernels.sumOfSquares(w)).squareRoot()
        #expect(abs(value - kernels.dot(gradient, w)) < 1e-13 * size)
    }

    @Test(arguments: [
        (Shape(2, 16, 5, 5), 16), (Shape(3, 20, 4, 3), 16), (Shape(2, 5, 7, 7), 8), (Shape(9, 19), 1),
    ])
    func normalizationGradientsAgree(_ shape: Shape, block: Int) {
        // A mean far from 0: the fused kernel rounds it, and must make up for that.
        let x = Tensor<Float>.random(shape, block: block, seed: 6, offset: 3)
        let c = Tensor<Float>.random(shape, block: block, seed: 7)
        let statistics = OneDNNKernels().channelStatistics(x)
        for activation in [Normalization.Activation.none, .rectifier] {
            let normalization = Normalization(
                statistics, epsilon: 1e-5, scale: (0..<shape.channels).map { 1 - 0.1 * Double($0) },
                shift: (0..<shape.channels).map { 0.05 * Double($0) }, activation: activation,
                statistics: .ofBatch)
            let found = OneDNNKernels().normalizePullbackToAll(c, at: x, normalization)
            let expected = ReferenceKernels().normalizePullbackToAll(
                c.converted(), at: x.converted(), normalization)
            let size = Double(shape.batch * shape.area).squareRoot()
            for (a, b) in zip(found.scale + found.shift, expected.scale + expected.shift) {
                #expect(abs(a - b) < sumTolerance * size, "\(a) for \(b)")
            }
            #expect(found.scale.count == shape.channels && found.shift.count == shape.channels)
        }
    }

    @Test func samplesMultiplyAlone() {
        let shape = Shape(3, 5, 4, 3)
        let (x, y) = (
            Tensor<Float>.random(shape, block: 8, seed: 8), Tensor<Float>.random(shape, block: 8, seed: 9)
        )
        let size = shape.count / 3
        for (i, j) in [(0, 0), (1, 2), (2, 1)] {
            let expected = zip(
                x.doubles[(i * size)..<((i + 1) * size)], y.doubles[(j * size)..<((j + 1) * size)]
            )
            .reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(OneDNNKernels().dot(sample: i, of: x, sample: j, of: y) - expected) < 1e-5)
            let reference = ReferenceKernels().dot(
                sample: i, of: x.converted(), sample: j, of: y.converted())
            #expect(abs(reference - expected) < 1e-13)
        }
    }
}
