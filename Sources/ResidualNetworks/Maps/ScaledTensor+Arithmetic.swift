import Kernels
import Tensors

extension ScaledTensor where Scalar: KernelScalar {
    /// Element by element, in this one's memory where nobody else holds it.
    consuming func multiplied(by other: ScaledTensor) -> ScaledTensor {
        let (tensor, factor, exponent) = (tensor, factor, exponent)
        _ = consume self
        return ScaledTensor(
            Scalar.kernels.multiply(consume tensor, other.tensor), factor: factor * other.factor,
            exponent: exponent + other.exponent)
    }

    /// The sum, in this one's memory where nobody else holds it.
    consuming func plus(_ other: ScaledTensor) -> ScaledTensor {
        let common = commonExponent(with: other)
        let (tensor, coefficient) = (tensor, coefficient(relativeTo: common))
        _ = consume self
        return ScaledTensor(
            Scalar.kernels.combine(
                consume tensor, coefficient, other.tensor, other.coefficient(relativeTo: common)),
            exponent: common)
    }

    /// The sum as a plain tensor, in this one's memory where nobody else holds it.
    consuming func adding(_ addend: Addend<Scalar>) -> Tensor<Scalar> {
        let a = coefficient(relativeTo: 0)
        return Scalar.kernels.combine(tensor, a, addend.tensor, addend.factor)
    }
}

/// The sum of two scaled tensors as a plain one.
public func + <Scalar: KernelScalar>(a: ScaledTensor<Scalar>, b: ScaledTensor<Scalar>) -> Tensor<Scalar> {
    Scalar.kernels.combine(
        a.tensor, a.coefficient(relativeTo: 0), b.tensor, b.coefficient(relativeTo: 0))
}
