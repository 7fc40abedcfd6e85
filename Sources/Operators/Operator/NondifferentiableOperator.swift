import Kernels
import Tensors

/// An operator that no derivative passes, from any operand: a comparison, a search for places.
public protocol NondifferentiableOperator: Operator {}

extension NondifferentiableOperator {
    public func isDifferentiable(in slot: Int) -> Bool { false }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { throw OperatorError.notDifferentiable(operation: name, slot: slot) }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { throw OperatorError.notDifferentiable(operation: name, slot: slot) }
}
