import Kernels
import Tensors

/// ReLU, max(0, x), with derivative 0 at 0.
public struct Rectifier<Scalar: KernelScalar>: DifferentiableMap {
    public init() {}
    public func keptElements(for input: Shape) -> Int { input.count }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let y = Scalar.kernels.rectify(x)
        return Linearized(value: y, derivative: RectifierLinearization(y: y))
    }
}

private struct RectifierLinearization<Scalar: KernelScalar>: Linearization {
    /// The value is positive exactly where the input is.
    let y: Tensor<Scalar>

    func vjp(_ cotangent: consuming Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.keep(cotangent, wherePositive: y)
    }
    func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> { Scalar.kernels.keep(tangent, wherePositive: y) }
}
