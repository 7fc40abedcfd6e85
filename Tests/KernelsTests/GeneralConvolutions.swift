import Kernels
import Tensors

/// Convolutions over one, two and three axes of space, in groups, dilated, with padding, kernels and strides that differ
/// from axis to axis and from end to end.
enum GeneralConvolutions {
    private static func convolution(
        _ input: [Int], _ outputs: Int, groups: Int = 1, _ axes: [ConvolutionWindow.Axis]
    ) -> ConvolutionGeometry {
        ConvolutionGeometry(
            input: Shape(axes: input), outputChannels: outputs, window: ConvolutionWindow(axes),
            groups: groups)
    }

    static let geometries = [
        // One axis: plain, strided and dilated, depthwise, causal.
        convolution([2, 3, 9], 5, [.init(kernel: 3, before: 1, after: 1)]),
        convolution([1, 8, 17], 16, [.init(kernel: 4, stride: 3, dilation: 2, before: 3)]),
        convolution([3, 20, 7], 20, groups: 20, [.init(kernel: 5, before: 4)]),
        // Two axes: every one of the window's numbers differs.
        convolution(
            [2, 5, 9, 6], 7,
            [.init(kernel: 3, stride: 2, dilation: 2, before: 2), .init(kernel: 2, before: 0, after: 3)]),
        convolution(
            [1, 33, 8, 8], 18,
            [.init(kernel: 3, dilation: 2, before: 2, after: 2), .init(kernel: 1, stride: 2)]),
        // Depthwise, with channels that fill no block, that fill some, and several filters a channel.
        convolution(
            [2, 13, 10, 9], 13, groups: 13,
            [.init(kernel: 7, before: 3, after: 3), .init(kernel: 7, before: 3, after: 3)]),
        convolution(
            [9, 16, 6, 5], 16, groups: 16,
            [
                .init(kernel: 3, stride: 2, before: 1, after: 1),
                .init(kernel: 3, stride: 2, before: 0, after: 1),
            ]),
        convolution([2, 6, 5, 5], 12, groups: 6, [.init(kernel: 3, before: 1), .init(kernel: 3, after: 1)]),
        // Groups of whole blocks, and groups that share them.
        convolution(
            [2, 32, 7, 7], 64, groups: 2,
            [.init(kernel: 3, before: 1, after: 1), .init(kernel: 3, before: 1, after: 1)]),
        convolution([1, 12, 6, 6], 8, groups: 4, [.init(kernel: 3, before: 1, after: 1), .init(kernel: 3)]),
        // The window reaches far into the padding, or sees a single place.
        convolution([1, 2, 2, 3], 3, [.init(kernel: 2, before: 4, after: 4), .init(kernel: 3, before: 5)]),
        convolution([4, 19, 1, 1], 6, groups: 1, [.init(kernel: 1), .init(kernel: 1)]),
        // Three axes.
        convolution(
            [2, 3, 4, 5, 6], 5,
            [.init(kernel: 3, before: 1, after: 1), .init(kernel: 2, stride: 2), .init(kernel: 3, before: 2)]),
        convolution(
            [1, 8, 5, 4, 3], 8, groups: 8,
            [
                .init(kernel: 3, before: 1, after: 1), .init(kernel: 3, dilation: 2, before: 2, after: 2),
                .init(kernel: 1),
            ]),
        // Nothing to sum.
        convolution([0, 3, 5, 5], 4, [.init(kernel: 3), .init(kernel: 3)]),
        convolution([2, 0, 5, 5], 4, [.init(kernel: 3), .init(kernel: 3)]),
    ]
}
