import Kernels
import Tensors

/// A cotangent on its way through a training network: a tensor with its scale, or one that has a batch normalisation still to
/// pass and perhaps a part to be added behind it.
///
/// A batch normalisation can be pulled back through only when the whole batch's cotangent is there; what is left of it then
/// is an affine function of each element, which the next layer down applies as it reads (`LayerCotangent`).
public enum Cotangent<Scalar: KernelScalar>: Sendable {
    case resolved(ScaledTensor<Scalar>)
    case deferred(LayerCotangent<Scalar>)

    /// As a tensor with its scale.
    public consuming func resolve() -> ScaledTensor<Scalar> {
        switch consume self {
        case .resolved(let scaled): scaled
        case .deferred(let layer): ScaledTensor(Scalar.kernels.resolve(layer))
        }
    }

    /// For kernels that read what is deferred.
    consuming func layer() -> LayerCotangent<Scalar> {
        switch consume self {
        case .resolved(let scaled): LayerCotangent(scaled.plain)
        case .deferred(let layer): layer
        }
    }

    /// What reaches a value by two ways. A tensor joins a deferred one as its addend, which costs nothing.
    public consuming func plus(_ other: consuming Cotangent) -> Cotangent {
        switch (consume self, consume other) {
        case (.deferred(let layer), .resolved(let scaled)), (.resolved(let scaled), .deferred(let layer)):
            guard layer.addend == nil else {
                return .resolved(Self.sum(ScaledTensor(Scalar.kernels.resolve(layer)), scaled))
            }
            return .deferred(layer.adding(Addend(scaled.tensor, factor: scaled.coefficient(relativeTo: 0))))
        case (.resolved(let a), .resolved(let b)): return .resolved(Self.sum(a, b))
        case (.deferred(let a), .deferred(let b)):
            let resolved = Scalar.kernels.resolve(b)
            guard a.addend == nil else {
                return .resolved(Self.sum(ScaledTensor(Scalar.kernels.resolve(a)), ScaledTensor(resolved)))
            }
            return .deferred(a.adding(Addend(resolved)))
        }
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
