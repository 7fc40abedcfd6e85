import Kernels
import Tensors

/// The largest element of every window, channel by channel.
public struct MaxPooling<Scalar: KernelScalar>: DifferentiableMap {
    public let window: PoolingWindow

    public init(_ window: PoolingWindow) { self.window = window }

    public func outputShape(for input: Shape) -> Shape { window.output(for: input) }
    /// One byte an element of the value.
    public func keptElements(for input: Shape) -> Int {
        outputShape(for: input).count / MemoryLayout<Scalar>.stride
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let (pooled, choice) = Scalar.kernels.maxPool(x, window)
        return Linearized(value: pooled, derivative: MaxPoolingLinearization(choice: choice))
    }
}

private struct MaxPoolingLinearization<Scalar: KernelScalar>: Linearization {
    let choice: PoolingChoice

    func vjp(_ cotangent: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.maxPoolPullback(cotangent, choice)
    }
    func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.maxPoolPushforward(tangent, choice)
    }
}
