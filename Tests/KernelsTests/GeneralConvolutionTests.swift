import Tensors
import Testing

@testable import Kernels

/// Convolutions of all kinds in single precision against double precision.
@Suite("General convolutions")
struct GeneralConvolutionTests {
    /// Operands plain, in blocks, and mixed.
    private static let blocks = [1, OneDNNKernels.channelBlock]

    @Test(
        "Value and both pull-backs agree with double precision", arguments: GeneralConvolutions.geometries,
        blocks)
    func agreement(_ g: ConvolutionGeometry, block: Int) throws {
        let x = Tensor<Float>.random(g.input, block: block, seed: 11)
        let filter = Tensor<Float>.random(g.filter, seed: 12)
        let cotangent = Tensor<Float>.random(g.output, block: OneDNNKernels.channelBlock, seed: 13)
        let (wideX, wideFilter, wideCotangent) = (
            x.converted(to: Double.self), filter.converted(to: Double.self),
            cotangent.converted(to: Double.self)
        )
        expectClose(
            try Float.kernels.convolution(x, filter, g),
            try Double.kernels.convolution(wideX, wideFilter, g).elements, tolerance: sumTolerance)
        expectClose(
            try Float.kernels.convolutionPullback(cotangent, filter, g),
            try Double.kernels.convolutionPullback(wideCotangent, wideFilter, g).elements,
            tolerance: sumTolerance)
        expectClose(
            try Float.kernels.convolutionFilterGradient(cotangent, at: x, g),
            try Double.kernels.convolutionFilterGradient(wideCotangent, at: wideX, g).elements,
            tolerance: sumTolerance)
    }

    @Test("Four axes of space are refused by an error")
    func fourAxes() throws {
        let axis = ConvolutionWindow.Axis(kernel: 1)
        let g = ConvolutionGeometry(
            input: Shape(axes: [1, 1, 1, 1, 1, 2]), outputChannels: 1,
            window: ConvolutionWindow([axis, axis, axis, axis]))
        #expect(throws: KernelError.self) {
            try Float.kernels.convolution(Tensor(zeros: g.input), Tensor(zeros: g.filter), g)
        }
    }
}
