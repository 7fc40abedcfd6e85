import Tensors

/// The shapes of a convolution; a fully connected layer is the 1×1 convolution of a (N, C, 1, 1) tensor.
public struct ConvolutionGeometry: Hashable, Sendable {
    public var input: Shape
    public var outputChannels: Int
    /// Side of the square filter.
    public var kernel: Int
    public var stride: Int
    /// Zero padding on each side.
    public var padding: Int

    public init(input: Shape, outputChannels: Int, kernel: Int, stride: Int, padding: Int) {
        self.input = input
        self.outputChannels = outputChannels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    public var output: Shape {
        Shape(
            input.batch, outputChannels,
            (input.height + 2 * padding - kernel) / stride + 1,
            (input.width + 2 * padding - kernel) / stride + 1)
    }

    /// (O, I, k, k), the shape of the filter.
    public var filter: Shape { Shape(outputChannels, input.channels, kernel, kernel) }

    /// Multiplications, each with an addition, of a forward pass or a pull-back: one for every weight of the
    /// filter at every output, the zero padding included.
    public var multiplyAdds: Int { output.count * input.channels * kernel * kernel }
}
