import Tensors

/// The square window over which images are pooled.
public struct PoolingWindow: Hashable, Sendable {
    /// Side of the window.
    public let kernel: Int
    public let stride: Int
    /// By how much the first window stands out of the image; less than the kernel.
    public let padding: Int

    public init(kernel: Int, stride: Int, padding: Int) {
        precondition(
            (1...15).contains(kernel) && stride >= 1 && (0..<kernel).contains(padding),
            "a window of \(kernel), stride \(stride), padding \(padding)")
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// Shape of the pooled map; only windows that fit within image and padding count.
    public func output(for input: Shape) -> Shape { window(over: input).pooled(input) }

    /// The window over images of a shape; over images smaller than it there is one.
    func window(over input: Shape) -> ConvolutionWindow {
        ConvolutionWindow(
            [input.height, input.width].map {
                .init(
                    kernel: kernel, stride: stride, before: padding,
                    after: max(padding, kernel - padding - $0))
            })
    }
}

/// Which element of its window every pooled element was taken from: all that the derivative of max pooling is.
public struct PoolingChoice: Sendable {
    public let window: ConvolutionWindow
    /// Of the map that was pooled.
    public let input: Shape
    let block: Int
    /// For every stored element of the pooled map, the number of the tap in row-major order.
    let taps: [UInt16]

    public var output: Shape { window.pooled(input) }

    /// Stops on a programming error that would make a kernel read past the end of a tensor.
    func require(_ shape: Shape, is expected: Shape) {
        precondition(shape == expected, "\(shape) against \(expected)")
    }
}

extension ConvolutionWindow {
    /// The shape of (N, C, space) pooled over the window.
    func pooled(_ input: Shape) -> Shape {
        var output = input
        for (index, axis) in axes.enumerated() { output[index + 2] = axis.outputs(of: input[index + 2]) }
        return output
    }
}

extension KernelSet {
    public func maxPool(
        _ x: Tensor<Scalar>, _ window: PoolingWindow
    ) -> (pooled: Tensor<Scalar>, choice: PoolingChoice) { maxPool(x, window.window(over: x.shape)) }
}
