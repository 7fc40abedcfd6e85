/// One layer of a network, as a table of layers has it.
public struct LayerRecord: Sendable, Equatable {
    /// What a layer computes.
    public enum Kind: String, Sendable, Equatable, CaseIterable {
        case convolution, linear, normalization, rectifier, identity, subsampling, scaling, dropout, sigmoid
        case zero, flattening, pooling
        case maxPooling = "max_pooling"
        /// A map that a caller brought along.
        case other
    }

    /// Where a layer stands: on which path of a unit, or beside the units.
    public enum Part: String, Sendable, Equatable {
        case stem, branch, shortcut, after, head
    }

    /// Such as `units.3.branch.conv1`; parameters are exported under it.
    public let name: String
    /// l of the unit that it stands in; `nil` in stem and head.
    public let unit: Int?
    public let part: Part
    public let kind: Kind
    /// Side of the filter or of the pooling window; `nil` where there is none.
    public let kernel: Int?
    public let stride: Int
    public let inputChannels: Int
    public let outputChannels: Int
    /// Extent of the output.
    public let height: Int
    public let width: Int
    /// Trainable parameters.
    public let parameters: Int
    /// Whether its parameters belong to, and are counted with, a layer of the unit's other path.
    public let isShared: Bool
    /// Multiplications, each with an addition, of one image's forward pass through a convolution.
    public let multiplyAdds: Int

    /// The name within its unit, such as `branch.conv1`.
    public var localName: String {
        let prefix = unit.map { "units.\($0)." } ?? ""
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// BN or ReLU.
    public var isActivation: Bool { kind == .normalization || kind == .rectifier }

    /// Whether both are the same layer of two units.
    func repeats(_ other: LayerRecord) -> Bool {
        (localName, part, kind, kernel, stride)
            == (other.localName, other.part, other.kind, other.kernel, other.stride)
            && (inputChannels, outputChannels, height, width)
                == (other.inputChannels, other.outputChannels, other.height, other.width)
            && (parameters, multiplyAdds) == (other.parameters, other.multiplyAdds)
    }
}

extension LayerRecord.Kind {
    /// The short word for it.
    public var word: String {
        switch self {
        case .convolution: "conv"
        case .linear: "linear"
        case .normalization: "BN"
        case .rectifier: "ReLU"
        case .identity: "identity"
        case .subsampling: "subsample"
        case .scaling: "scale"
        case .dropout: "dropout"
        case .sigmoid: "sigmoid"
        case .zero: "zero"
        case .flattening: "flatten"
        case .pooling: "pool"
        case .maxPooling: "max pool"
        case .other: "other"
        }
    }
}
