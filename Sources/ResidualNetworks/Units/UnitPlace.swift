import Graphs
import Tensors

/// The place in a network for which a unit is being written.
public struct UnitPlace: Sendable {
    public let position: UnitPosition
    /// `units.l`, what the names of its parameters begin with.
    public let name: String
    /// x_l.
    public let input: Graph.ValueID
    /// What the branch's first weight layer reads: x_l, or what normalisation and activation before it make of x_l.
    public let activated: Graph.ValueID
    /// Shape of x_{l+1}.
    public let output: Shape
    public let stride: Int
    /// How size and width are matched, and whether batch normalisation follows a projection.
    let matching: BlockDesign.Matching
    let normalizesProjection: Bool
}

/// h(x_l) and F̂(x_l) of a unit, as values of the graph.
public struct UnitValues: Sendable {
    public var shortcut: Graph.ValueID
    public var branch: Graph.ValueID
    /// How h enters the shortcut product.
    public var factor: ShortcutFactor

    public init(
        shortcut: Graph.ValueID, branch: Graph.ValueID, factor: ShortcutFactor = .undefined
    ) {
        self.shortcut = shortcut
        self.branch = branch
        self.factor = factor
    }
}

extension NetworkGraph {
    /// A(x_l): x_l where size and width do not change; else option A, or a projection, which in pre-activation units reads
    /// the activated input that the branch reads.
    public mutating func matched(at place: UnitPlace) throws -> Graph.ValueID {
        guard shape(of: place.input) != place.output else { return place.input }
        let name = place.name + ".shortcut"
        switch place.matching {
        case .subsampling, .activatedSubsampling:
            return try subsampling(
                place.matching == .subsampling ? place.input : place.activated, stride: place.stride,
                channels: place.output.channels, name: name)
        case .projection:
            let projection = try convolution(
                place.activated, name: name + ".conv", outputs: place.output.channels, kernel: 1,
                stride: place.stride)
            guard place.normalizesProjection else { return projection }
            return try batchNormalization(projection, name: name + ".bn")
        }
    }

    /// A 1×1 convolution from x_l to the size of x_{l+1}; its parameters begin with `units.l.shortcut.` and the part.
    public mutating func pointwiseConvolution(
        at place: UnitPlace, part: String, bias: ParameterRole? = nil
    ) throws -> Graph.ValueID {
        try convolution(
            place.input, name: "\(place.name).shortcut.\(part)", outputs: place.output.channels, kernel: 1,
            stride: place.stride, bias: bias)
    }
}
