import Kernels
import Tensors

/// σ(x) = 1/(1 + e^{−x}), with σ′ = σ·(1 − σ).
public struct Sigmoid<Scalar: KernelScalar>: DifferentiableMap {
    public init() {}
    public func keptElements(for input: Shape) -> Int { input.count }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let kernels = Scalar.kernels
        let value = kernels.sigmoid(x)
        // 1 − σ(x) = σ(−x): no cancellation where the gate is nearly open.
        let slope = kernels.multiply(value, kernels.sigmoid(kernels.scale(x, by: -1)))
        return Linearized(value: value, derivative: DiagonalLinearization(diagonal: slope))
    }
}
