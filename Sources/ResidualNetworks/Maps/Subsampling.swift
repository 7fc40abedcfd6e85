import Kernels
import Tensors

/// Option A of the 2015 ResNet paper: subsample by the stride, append zero channels after the existing ones.
public struct Subsampling<Scalar: KernelScalar>: DifferentiableMap {
    public let stride: Int
    public let channels: Int

    public init(stride: Int, channels: Int) {
        self.stride = stride
        self.channels = channels
    }

    public var isLinear: Bool { true }
    public func outputShape(for input: Shape) -> Shape {
        Shape(
            input.batch, channels, (input.height + stride - 1) / stride, (input.width + stride - 1) / stride)
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let derivative = SubsamplingLinearization<Scalar>(
            stride: stride, input: x.shape, output: outputShape(for: x.shape))
        return Linearized(value: derivative.jvp(x), derivative: derivative)
    }
}

private struct SubsamplingLinearization<Scalar: KernelScalar>: Linearization {
    let stride: Int
    let input: Shape
    let output: Shape

    func vjp(_ cotangent: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.subsamplePullback(cotangent, stride: stride, to: input)
    }
    func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.subsample(tangent, stride: stride, to: output)
    }
}
