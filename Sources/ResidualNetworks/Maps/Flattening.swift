import Kernels
import Tensors

/// (N, C, H, W) → (N, C·H·W, 1, 1), for fully connected stacks.
public struct Flattening<Scalar: KernelScalar>: DifferentiableMap {
    public init() {}
    public var isLinear: Bool { true }
    public func outputShape(for input: Shape) -> Shape { Shape(input.batch, input.channels * input.area) }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let derivative = FlatteningLinearization<Scalar>(input: x.shape, block: x.block)
        return Linearized(value: derivative.jvp(x), derivative: derivative)
    }
}

private struct FlatteningLinearization<Scalar: KernelScalar>: Linearization {
    let input: Shape
    let block: Int

    func vjp(_ cotangent: Tensor<Scalar>) -> Tensor<Scalar> { cotangent.reshaped(input).reblocked(to: block) }
    func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> {
        tangent.reshaped(Shape(input.batch, input.channels * input.area)).reblocked(to: 1)
    }
}
