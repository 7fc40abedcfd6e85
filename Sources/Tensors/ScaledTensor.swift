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

    /// e^`logarithm` · tensor, for factors that are no numbers of their own.
    public init(_ tensor: Tensor<Scalar>, naturalLogarithm logarithm: Double) {
        let power = (logarithm / log(2)).rounded(.down)
        // What no exponent holds, such as e^−∞, is 0, ∞ or no number as it is.
        guard let exponent = Int(exactly: power) else {
            self.init(tensor, factor: exp(logarithm))
            return
        }
        self.init(tensor, factor: exp(logarithm - power * log(2)), exponent: exponent)
    }

    /// The same tensor, times `multiple · 2^power`.
    public func scaled(by multiple: Double, power: Int = 0) -> ScaledTensor {
        ScaledTensor(tensor, factor: factor * multiple, exponent: exponent + power)
    }

    /// Another tensor under this one's scale.
    public func replacing(tensor: Tensor<Scalar>) -> ScaledTensor {
        ScaledTensor(tensor, factor: factor, exponent: exponent)
    }

    /// Whether the scale is 1.
    public var isPlain: Bool { factor == 1 && exponent == 0 }

    /// Whether the scale alone makes it zero.
    public var isScaledToZero: Bool { factor == 0 }

    /// The larger exponent of the two, of those that are not scaled to 0.
    public func commonExponent(with other: ScaledTensor) -> Int {
        other.isScaledToZero ? exponent : isScaledToZero ? other.exponent : max(exponent, other.exponent)
    }

    /// The scale relative to 2^`reference`, as an ordinary number (0 or ±∞ where it leaves Double's range).
    public func coefficient(relativeTo reference: Int) -> Double {
        factor == 0 ? 0 : scalbn(factor, Int(max(-4000, min(4000, exponent - reference))))
    }

    /// log10 of the norm, given Σ tensor².
    public func log10Norm(squaredNorm: Double) -> LogNorm {
        guard factor != 0, squaredNorm != 0 else { return .zero }
        guard factor.isFinite, squaredNorm.isFinite else { return .notFinite }
        return .log10(
            0.5 * Foundation.log10(squaredNorm) + Foundation.log10(abs(factor))
                + Double(exponent) * Foundation.log10(2))
    }

    private mutating func normalize() {
        guard factor.isFinite, factor != 0, !(1..<2).contains(abs(factor)) else { return }
        let shift = Int(factor.exponent)
        factor = scalbn(factor, -shift)
        exponent += shift
    }
}
