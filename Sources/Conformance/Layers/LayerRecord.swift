import Graphs
import Tensors

/// One layer of a network, as a table of layers has it.
public struct LayerRecord: Sendable, Equatable {
    /// What a layer computes.
    public enum Kind: Sendable, Equatable {
        case convolution, linear, normalization, rectifier
        /// Any other operator, by its name (the word of ONNX where there is one).
        case other(String)
    }

    /// Where a layer stands: on which path of a unit, or beside the units.
    public enum Part: String, Sendable, Equatable, CaseIterable {
        case stem, branch, shortcut
        /// Computed once and read by branch and shortcut.
        case both
        /// y_l = h(x_l) + F(x_l).
        case sum
        /// f.
        case after
        case head
    }

    /// Such as `units.3.branch.conv1`; parameters are exported under it. In a model of a file the label of its node.
    public let name: String
    /// l of the unit that it stands in; `nil` in stem and head.
    public let unit: Int?
    public let part: Part
    public let kind: Kind
    /// Side of the filter or of the pooling window; `nil` where there is none.
    public let kernel: Int?
    public let stride: Int
    /// Of one image; in a model of a file of its batch, as the multiplications are.
    public let input: Shape
    public let output: Shape
    /// Trainable parameters that no layer before it has.
    public let parameters: Int
    /// Multiplications, each with an addition, of one image's forward pass through a weight layer.
    public let multiplyAdds: Int

    /// The name within its unit, such as `branch.conv1`.
    public var localName: String {
        let prefix = unit.map { "units.\($0)." } ?? ""
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// BN, ReLU, or what stands in its place.
    public var isActivation: Bool {
        kind == .normalization || kind == .rectifier || name.hasSuffix(".activation")
    }
    /// Whether it has weights to multiply with.
    public var isWeightLayer: Bool { kind == .convolution || kind == .linear }
    /// Whether it stands on the way of the branch, or of the shortcut.
    public var isOnBranch: Bool { part == .branch || part == .both }
    public var isOnShortcut: Bool { part == .shortcut || part == .both }

    /// Whether both are the same layer of two units, whatever they are called.
    func repeats(_ other: LayerRecord) -> Bool {
        (part, kind, kernel, stride) == (other.part, other.kind, other.kernel, other.stride)
            && (input, output, parameters, multiplyAdds)
                == (other.input, other.output, other.parameters, other.multiplyAdds)
    }
}

extension LayerRecord.Kind {
    /// As documents have it.
    public var identifier: String {
        switch self {
        case .convolution: "convolution"
        case .linear: "linear"
        case .normalization: "normalization"
        case .rectifier: "rectifier"
        case .other(let operation): operation
        }
    }

    /// The short word for it.
    public var word: String {
        switch self {
        case .convolution: "conv"
        case .linear: "linear"
        case .normalization: "BN"
        case .rectifier: "ReLU"
        case .other(let operation): OperatorRun.shortName(of: operation)
        }
    }
}
