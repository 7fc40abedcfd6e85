import Kernels
import Tensors

/// A gradient on its way down a network: a tensor with its scale, or one that has a batch normalisation still to pass and
/// perhaps a part to be added behind it.
///
/// A batch normalisation can be pulled back through only when the whole batch's cotangent is there; what is left of it then
/// is an affine function of each element, which the next layer down applies as it reads (`LayerCotangent`).
public enum Cotangent<Scalar: KernelScalar>: Sendable {
    case resolved(ScaledTensor<Scalar>)
    /// Times factor · 2^exponent.
    case deferred(LayerCotangent<Scalar>, factor: Double, exponent: Int)

    /// As a tensor with its scale.
    public consuming func resolve() -> ScaledTensor<Scalar> {
        switch consume self {
        case .resolved(let scaled): scaled
        case .deferred(let layer, let factor, let exponent):
            ScaledTensor(Scalar.kernels.resolve(layer), factor: factor, exponent: exponent)
        }
    }

    /// For kernels that read what is deferred: what is under the scale, and the scale.
    consuming func layer() -> (layer: LayerCotangent<Scalar>, factor: Double, exponent: Int) {
        switch consume self {
        case .resolved(let scaled): (LayerCotangent(scaled.tensor), scaled.factor, scaled.exponent)
        case .deferred(let layer, let factor, let exponent): (layer, factor, exponent)
        }
    }

    /// What a kernel made of a cotangent under a scale.
    init(_ layer: consuming LayerCotangent<Scalar>, factor: Double, exponent: Int) {
        self =
            layer.pending == nil
            ? .resolved(ScaledTensor(layer.tensor, factor: factor, exponent: exponent))
            : .deferred(layer, factor: factor, exponent: exponent)
    }

    /// What reaches a value by two ways. A tensor joins a deferred one as its addend, which costs nothing.
    public consuming func plus(_ other: consuming Cotangent) -> Cotangent {
        switch (consume self, consume other) {
        case (.deferred(let layer, let factor, let exponent), .resolved(let scaled)),
            (.resolved(let scaled), .deferred(let layer, let factor, let exponent)):
            return Self.join(layer, factor, exponent, scaled)
        case (.resolved(let a), .resolved(let b)): return .resolved(Self.sum(a, b))
        case (.deferred(let a, let factor, let exponent), let b):
            return Self.join(a, factor, exponent, b.resolve())
        }
    }

    private static func join(
        _ layer: consuming LayerCotangent<Scalar>, _ factor: Double, _ exponent: Int,
        _ scaled: ScaledTensor<Scalar>
    ) -> Cotangent {
        let share = scaled.coefficient(relativeTo: exponent) / factor
        // Beside a much smaller one the addend would leave the range of its numbers.
        guard layer.addend == nil, abs(share) < 0x1p20 else {
            let resolved = ScaledTensor(Scalar.kernels.resolve(layer), factor: factor, exponent: exponent)
            return .resolved(sum(resolved, scaled))
        }
        return .deferred(
            layer.adding(Addend(scaled.tensor, factor: share)), factor: factor, exponent: exponent)
    }

    private static func sum(
        _ a: consuming ScaledTensor<Scalar>, _ b: ScaledTensor<Scalar>
    ) -> ScaledTensor<Scalar> {
        let common = a.commonExponent(with: b)
        let (tensor, coefficient) = (a.tensor, a.coefficient(relativeTo: common))
        _ = consume a
        return ScaledTensor(
            Scalar.kernels.combine(
                consume tensor, coefficient, b.tensor, b.coefficient(relativeTo: common)),
            exponent: common)
    }
}
