import Tensors

/// The square window over which a map is pooled; what lies outside the image is never chosen.
public struct PoolingWindow: Hashable, Sendable {
    /// Side of the window, at most 15: a place within it is kept in one byte.
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
    public func output(for input: Shape) -> Shape {
        Shape(input.batch, input.channels, side(input.height), side(input.width))
    }

    private func side(_ input: Int) -> Int { max(0, input + 2 * padding - kernel) / stride + 1 }
}

/// Which element of its window every pooled element was taken from: all that the derivative of max pooling is.
public struct PoolingChoice: Sendable {
    public let window: PoolingWindow
    /// Of the map that was pooled.
    public let input: Shape
    public let block: Int
    /// For every stored element of the pooled map, row · kernel + column within its window.
    let taps: [UInt8]

    public var output: Shape { window.output(for: input) }
}
