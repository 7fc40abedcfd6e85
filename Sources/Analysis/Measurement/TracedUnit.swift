import Kernels
import ResidualNetworks
import Tensors

/// What a forward trace keeps of a unit.
struct TracedUnit<Scalar: KernelScalar>: Sendable {
    let derivatives: UnitDerivatives<Scalar>
    /// x_l.
    let input: TensorReference<Scalar>
    /// Whether x_l stays in memory.
    let keepsInput: Bool

    /// x_{l+1} = h(x_l) + F(x_l), by the operations of the forward pass.
    func output() throws -> Tensor<Scalar>? {
        guard let x = input.tensor, let branch = try derivatives.branch.value() else { return nil }
        return try derivatives.shortcut.pushForward(ScaledTensor(x)) + ScaledTensor(branch)
    }
}
