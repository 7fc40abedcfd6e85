import Foundation

/// `factor · 2^exponent · tensor`: a tensor whose size never leaves the range of numbers.
///
/// Cotangents and tangents are linear, so a product of shortcuts as small as 0.1^333 travels as a scale beside
/// an unchanged tensor. `factor` is 0 or has magnitude in [1, 2).
public struct ScaledTensor<Scalar: TensorScalar>: Sendable {
    public var tensor: Tensor<Scalar>
    public private(set) var factor: Double
    public private(set) var exponent: Int

    public init(_ tensor: Tensor<Scalar>, factor: Double = 1, exponent: Int = 0) {
        self.tensor = tensor
        self.factor = factor
        self.exponent = exponent
        normalize()
    }

    /// The same tensor, times a number.
    public func scaled(by multiple: Double) -> ScaledTensor {
        ScaledTensor(tensor, factor: factor * multiple, exponent: exponent)
    }

    /// Another tensor under this one's scale.
    public func replacing(tensor: Tensor<Scalar>) -> ScaledTensor {
        ScaledTensor(tensor, factor: factor, exponent: exponent)
    }

    /// Whether the scale alone makes it zero.
    public var isScaledToZero: Bool { factor == 0 }

    /// The scale relative to 2^`reference`, as an ordinary number (0 or ±∞ where it leaves Double's range).
    public func coefficient(relativeTo reference: Int) -> Double {
        factor == 0 ? 0 : scalbn(factor, Int(max(-4000, min(4000, exponent - reference))))
    }

    /// log10 of the norm, given Σ tensor²; `nil` for 0 and for a sum that is not finite.
    public func log10Norm(squaredNorm: Double) -> Double? {
        guard squaredNorm > 0, squaredNorm.isFinite, factor != 0 else { return nil }
        return 0.5 * log10(squaredNorm) + log10(abs(factor)) + Double(exponent) * log10(2)
    }

    private mutating func normalize() {
        guard factor.isFinite, factor != 0, !(1..<2).contains(abs(factor)) else { return }
        let shift = Int(factor.exponent)
        factor = scalbn(factor, -shift)
        exponent += shift
    }
}
