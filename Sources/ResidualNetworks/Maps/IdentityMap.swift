import Kernels
import Tensors

/// x ↦ x. As h and as f it is what the paper recommends (Eqn. 3).
public struct IdentityMap<Scalar: KernelScalar>: DifferentiableMap {
    public init() {}
    public var isLinear: Bool { true }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        Linearized(value: x, derivative: ScalarLinearization(1))
    }
}
