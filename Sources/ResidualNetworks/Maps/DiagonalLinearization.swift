import Kernels
import Tensors

/// The derivative of an element-wise function: multiplication by its slope.
public struct DiagonalLinearization<Scalar: KernelScalar>: Linearization {
    private let diagonal: ScaledTensor<Scalar>

    public init(diagonal: Tensor<Scalar>) { self.init(scaledDiagonal: ScaledTensor(diagonal)) }

    /// For slopes that may be no numbers of the type.
    public init(scaledDiagonal: ScaledTensor<Scalar>) { diagonal = scaledDiagonal }

    public func vjp(_ cotangent: consuming Tensor<Scalar>) -> Tensor<Scalar> {
        ScaledTensor(cotangent).multiplied(by: diagonal).plain
    }
    public func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> {
        ScaledTensor(tangent).multiplied(by: diagonal).plain
    }
    public func pullBack(_ cotangent: ScaledTensor<Scalar>) -> ScaledTensor<Scalar> {
        cotangent.multiplied(by: diagonal)
    }
    public func pushForward(_ tangent: ScaledTensor<Scalar>) -> ScaledTensor<Scalar> {
        tangent.multiplied(by: diagonal)
    }
}
