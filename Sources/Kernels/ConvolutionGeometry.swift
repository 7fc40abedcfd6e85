import Tensors

/// The shapes of a convolution over any number of axes of space; a fully connected layer is the 1×1 convolution of a
/// (N, C, 1, 1) tensor.
public struct ConvolutionGeometry: Hashable, Sendable {
    /// (N, C, space).
    public var input: Shape
    public var outputChannels: Int
    /// As many axes as space has.
    public var window: ConvolutionWindow
    /// Groups of channels; each output sees those of its group alone.
    public var groups: Int

    public init(input: Shape, outputChannels: Int, window: ConvolutionWindow, groups: Int = 1) {
        self.input = input
        self.outputChannels = outputChannels
        self.window = window
        self.groups = groups
    }

    /// A square filter over images (N, C, H, W), with the same zero padding on each side.
    public init(input: Shape, outputChannels: Int, kernel: Int, stride: Int, padding: Int) {
        let axis = ConvolutionWindow.Axis(kernel: kernel, stride: stride, before: padding, after: padding)
        self.init(input: input, outputChannels: outputChannels, window: ConvolutionWindow([axis, axis]))
    }

    /// (N, O, space).
    public var output: Shape {
        var output = input.with(channels: outputChannels)
        for (index, axis) in window.axes.enumerated() {
            output[index + 2] = axis.outputs(of: input[index + 2])
        }
        return output
    }

    /// (O, C/groups, kernel), the shape of the filter.
    public var filter: Shape {
        Shape(axes: [outputChannels, input.channels / max(1, groups)] + window.axes.map(\.kernel))
    }

    /// Multiplications, each with an addition, of a forward pass or a pull-back: one for every weight of the
    /// filter at every output, the zero padding included.
    public var multiplyAdds: Int { output.count * filter.count(of: 1...) }
}

extension ConvolutionGeometry {
    /// The same for another number of samples.
    func with(batch: Int) -> ConvolutionGeometry {
        var copy = self
        copy.input.batch = batch
        return copy
    }

    /// Whether there is nothing to sum.
    var isEmpty: Bool { input.count == 0 || output.count == 0 || filter.count == 0 }

    /// Whether this is a product of a batch of vectors with a matrix. A larger filter on a single place reads padding, and
    /// is no matrix over the channels.
    var isLinearLayer: Bool {
        groups == 1 && input.isVector && output.isVector && window.count == 1
            && window.axes.allSatisfy { $0.before == 0 }
    }

    /// A square filter that moves over images evenly, without groups.
    struct Square {
        let kernel: Int
        let stride: Int
        /// On each side.
        let padding: Int
    }

    /// What the built-in convolutions are made for; `nil` of others.
    var square: Square? {
        guard groups == 1, window.axes.count == 2, window.axes[0] == window.axes[1] else { return nil }
        let axis = window.axes[0]
        guard axis.dilation == 1, axis.before == axis.after else { return nil }
        return Square(kernel: axis.kernel, stride: axis.stride, padding: axis.before)
    }

    /// Whether every channel is convolved with a filter of its own.
    var isDepthwise: Bool { groups > 1 && groups == input.channels && groups == outputChannels }

    /// The same with channels on both sides that fill whole blocks, those that are added being zero.
    ///
    /// - Returns: `nil` where the channels of a group would come to lie in blocks of others.
    func filling(blocksOf block: Int) -> ConvolutionGeometry? {
        guard block > 1 else { return self }
        var filled = self
        filled.input.channels = input.channels.rounded(upToMultipleOf: block)
        filled.outputChannels = outputChannels.rounded(upToMultipleOf: block)
        if isDepthwise {
            filled.groups = filled.outputChannels
        } else if groups > 1 {
            let isWhole = [input.channels, outputChannels].allSatisfy {
                $0.isMultiple(of: groups) && ($0 / groups).isMultiple(of: block)
            }
            guard isWhole else { return nil }
        }
        return filled
    }
}

extension Int {
    func rounded(upToMultipleOf block: Int) -> Int { (self + block - 1) / block * block }
}
