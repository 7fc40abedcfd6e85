import Kernels
import Tensors

/// What stands on an edge of a graph: numbers that derivatives may pass through, or whole numbers (indices, shapes; 0 and 1
/// for conditions) that they do not.
public enum Value<Scalar: KernelScalar>: Sendable {
    /// With a scale beside the tensor, as a gate may be shut further than the type's smallest number; and with the mean and
    /// variance of every channel of the tensor, where some kernel found them on its way.
    case real(ScaledTensor<Scalar>, statistics: ChannelStatistics? = nil)
    case whole(WholeTensor)

    public init(_ tensor: Tensor<Scalar>) { self = .real(ScaledTensor(tensor)) }

    public var shape: Shape {
        switch self {
        case .real(let scaled, _): scaled.tensor.shape
        case .whole(let whole): whole.shape
        }
    }

    var isWhole: Bool { if case .whole = self { true } else { false } }

    /// The numbers without a scale.
    ///
    /// - Throws: `OperatorError.notReal` of whole numbers.
    public var tensor: Tensor<Scalar> {
        get throws(OperatorError) { try scaled.plain }
    }

    /// The numbers with their scale.
    ///
    /// - Throws: `OperatorError.notReal` of whole numbers.
    public var scaled: ScaledTensor<Scalar> {
        get throws(OperatorError) {
            guard case .real(let scaled, _) = self else { throw .notReal }
            return scaled
        }
    }

    /// Mean and biased variance of every channel of the numbers without a scale.
    ///
    /// - Throws: `OperatorError.notReal` of whole numbers.
    public var channelStatistics: ChannelStatistics {
        get throws(OperatorError) {
            if case .real(let scaled, let statistics?) = self, scaled.isPlain { return statistics }
            return Scalar.kernels.channelStatistics(try tensor)
        }
    }

    /// The same value that remembers its statistics.
    public func measured() throws(OperatorError) -> Value {
        guard case .real(let scaled, nil) = self, scaled.isPlain else { return self }
        return .real(scaled, statistics: try channelStatistics)
    }

    /// - Throws: `OperatorError.notWhole` of real numbers.
    public var whole: WholeTensor {
        get throws(OperatorError) {
            guard case .whole(let whole) = self else { throw .notWhole }
            return whole
        }
    }
}

/// Whole numbers in row-major order.
public struct WholeTensor: Sendable, Hashable {
    public let shape: Shape
    public let elements: [Int]

    public init(_ elements: [Int], shape: Shape) {
        precondition(elements.count == shape.count, "\(elements.count) elements for shape \(shape)")
        self.elements = elements
        self.shape = shape
    }
}
