import Foundation
import Kernels
import Tensors

/// A cotangent or tangent on its way, with its norm as soon as somebody asks. A scaling changes the scale alone: the norm is
/// remembered as long as the tensor under the scale stays the same.
public struct MeasuredTensor<Scalar: KernelScalar>: Sendable {
    public private(set) var scaled: ScaledTensor<Scalar>
    private var known: LogNorm?

    public init(_ tensor: ScaledTensor<Scalar>, norm: LogNorm? = nil) {
        scaled = tensor
        known = norm
    }

    /// log10 of the norm; a power of two may move into the exponent as it is measured.
    public mutating func norm() -> LogNorm {
        if let known { return known }
        let norm = scaled.keepInRange()
        known = norm
        return norm
    }

    /// What a linear map makes of it.
    func moved(_ map: (consuming ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>) rethrows
        -> MeasuredTensor
    {
        let moved = try map(scaled)
        guard moved.tensor.identity == scaled.tensor.identity, let known else { return MeasuredTensor(moved) }
        guard case .log10(let norm) = known, !moved.isScaledToZero else {
            return MeasuredTensor(moved, norm: moved.isScaledToZero ? .zero : known)
        }
        return MeasuredTensor(moved, norm: .log10(norm + moved.log10Scale - scaled.log10Scale))
    }

    /// The sum, kept in range, and measured as it is formed.
    consuming func plus(_ other: ScaledTensor<Scalar>) -> MeasuredTensor {
        let own = scaled
        _ = consume self
        let (sum, norm) = (consume own).adding(other)
        return MeasuredTensor(sum, norm: norm)
    }
}

extension ScaledTensor {
    /// log10 of the magnitude of factor · 2^exponent.
    fileprivate var log10Scale: Double { log10(abs(factor)) + Double(exponent) * log10(2) }
}
