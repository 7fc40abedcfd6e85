/// The weight layers of a residual branch.
public struct BlockDesign: Sendable, Equatable {
    public struct Layer: Sendable, Equatable {
        /// Side of the filter (1 in fully connected stacks, whatever is said here).
        public let kernel: Int
        /// Outputs, in units of the stage's base width.
        public let widths: Int
    }

    /// How A matches size and width.
    public enum Matching: String, Sendable, Equatable, CaseIterable {
        /// Option A: subsample, append zero channels.
        case subsampling
        /// The same of the activated input that the branch of a pre-activation unit reads, as fb.resnet.torch has it;
        /// in other units the same as `subsampling`.
        case activatedSubsampling = "activated-subsampling"
        /// A strided 1×1 projection.
        case projection
    }

    /// Whether batch normalisation follows a projection.
    public enum ProjectionNormalization: String, Sendable, Equatable, CaseIterable {
        /// Except in pre-activation units, whose projections read the normalised input (the paper).
        case unlessPreactivated = "unless-preact"
        case always, never
    }

    public let name: String
    public let layers: [Layer]
    public private(set) var matching: Matching
    public private(set) var projectionNormalization = ProjectionNormalization.unlessPreactivated
    /// The place of the layer that halves the size where a stage begins.
    public private(set) var stridedLayer = 0

    public init(name: String, layers: [(kernel: Int, widths: Int)], matching: Matching) {
        self.name = name
        self.layers = layers.map { Layer(kernel: $0.kernel, widths: $0.widths) }
        self.matching = matching
    }

    /// The same layers, with another map where size or width changes.
    public func matching(by matching: Matching) -> BlockDesign {
        var block = self
        block.matching = matching
        return block
    }

    /// The same, with or without batch normalisation behind projections.
    public func normalizingProjections(_ normalization: ProjectionNormalization) -> BlockDesign {
        var block = self
        block.projectionNormalization = normalization
        return block
    }

    /// The same with the stride on the first layer that looks at neighbours: a bottleneck's 3×3 rather than its first
    /// 1×1, as fb.resnet.torch has it. Other blocks begin with such a layer.
    public var stridingOnSpatialLayer: BlockDesign {
        var block = self
        block.stridedLayer = layers.firstIndex { $0.kernel > 1 } ?? 0
        return block
    }

    /// Width of x_l over the base width.
    public var expansion: Int { layers.last?.widths ?? 1 }

    public static let basic = BlockDesign(name: "basic", layers: [(3, 1), (3, 1)], matching: .subsampling)
    public static let bottleneck = BlockDesign(
        name: "bottleneck", layers: [(1, 1), (3, 1), (1, 4)], matching: .projection)
    public static let single = BlockDesign(name: "single", layers: [(3, 1)], matching: .subsampling)

    public static let paper: [BlockDesign] = [.basic, .bottleneck, .single]
}
