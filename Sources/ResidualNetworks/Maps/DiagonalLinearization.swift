import Kernels
import Tensors

/// The derivative of an element-wise function: multiplication by its slope.
public struct DiagonalLinearization<Scalar: KernelScalar>: Linearization {
    private let diagonal: Tensor<Scalar>

    public init(diagonal: Tensor<Scalar>) { self.diagonal = diagonal }

    public func vjp(_ cotangent: consuming Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.multiply(cotangent, diagonal)
    }
    public func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.multiply(tangent, diagonal)
    }
}
