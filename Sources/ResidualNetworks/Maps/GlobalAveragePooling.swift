import Kernels
import Tensors

/// The mean over space, (N, C, H, W) → (N, C, 1, 1).
public struct GlobalAveragePooling<Scalar: KernelScalar>: DifferentiableMap {
    public init() {}
    public var isLinear: Bool { true }
    public func outputShape(for input: Shape) -> Shape { Shape(input.batch, input.channels) }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        let derivative = PoolingLinearization<Scalar>(input: x.shape, block: x.block)
        return Linearized(value: try derivative.jvp(x), derivative: derivative)
    }
}

private struct PoolingLinearization<Scalar: KernelScalar>: Linearization {
    let input: Shape
    let block: Int

    func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try Scalar.kernels.globalAveragePullback(cotangent, to: input, block: block)
    }
    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> { try Scalar.kernels.globalAverage(tangent) }
}
