import Kernels
import Tensors

/// A family of networks: its stem, its stages, and how many units of which block a depth gives each of them.
public protocol Architecture: Sendable {
    /// The word for it on the command line.
    var name: String { get }
    /// What turns an image into x_0; `nil` for a fully connected layer that reads the flattened image.
    var stem: StemDesign? { get }
    var stages: [StageDesign] { get }
    /// Blocks that its networks are built of, with the map that each matches size and width by.
    var blocks: [BlockDesign] { get }
    /// Base width of the first stage where no other is asked for.
    var baseWidth: Int { get }
    /// Side of the images, and number of classes, that it was made for.
    var imageSide: Int { get }
    var classes: Int { get }
    /// Units of every stage of a network of this depth.
    /// - Throws: `NetworkError.impossibleDepth` with the nearest possible ones.
    func unitsPerStage(depth: Int, block: BlockDesign) throws -> [Int]
    /// The block of a depth for which none is asked for.
    /// - Throws: `NetworkError.impossibleDepth` if there is none.
    func defaultBlock(depth: Int) throws -> BlockDesign
}

extension Architecture {
    /// Whether x_l is a vector rather than a map of an image: weight layers are matrices then, and nothing has neighbours.
    public var isOfVectors: Bool { stem == nil }

    /// Side of a layer's filter.
    public func kernel(of layer: BlockDesign.Layer) -> Int { isOfVectors ? 1 : layer.kernel }

    /// Depth counts weighted layers: the stem, the branches' and the classifier.
    public func depth(unitsPerStage: [Int], block: BlockDesign) -> Int {
        unitsPerStage.reduce(0, +) * block.layers.count + 2
    }
}

/// A stage: units of one size and width, the first of which may change both.
public struct StageDesign: Sendable, Equatable {
    /// Base width, in units of the network's.
    public let widths: Int
    /// Of its first unit.
    public let stride: Int

    public init(widths: Int, stride: Int) {
        self.widths = widths
        self.stride = stride
    }
}

/// Convolution, BN, ReLU and, where there is a window, max pooling: from the image to x_0.
public struct StemDesign: Sendable, Equatable {
    /// Side of the filter.
    public let kernel: Int
    public let stride: Int
    public let pooling: PoolingWindow?

    public init(kernel: Int, stride: Int = 1, pooling: PoolingWindow? = nil) {
        self.kernel = kernel
        self.stride = stride
        self.pooling = pooling
    }

    /// Shape of x_0 for an input and a number of channels.
    public func output(for input: Shape, channels: Int) -> Shape {
        let convolved = ConvolutionGeometry(
            input: input, outputChannels: channels, kernel: kernel, stride: stride, padding: kernel / 2
        ).output
        return pooling?.output(for: convolved) ?? convolved
    }
}
