import Kernels
import Tensors

/// x ↦ 0 of a given shape (channels, height, width): the shortcut of a plain network.
public struct ZeroMap<Scalar: KernelScalar>: DifferentiableMap {
    private let output: Shape

    /// - Parameter output: shape of the value; its batch size is replaced by that of the input.
    public init(output: Shape) { self.output = output }

    public var isLinear: Bool { true }
    public func outputShape(for input: Shape) -> Shape { output.with(batch: input.batch) }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let shape = outputShape(for: x.shape)
        if shape == x.shape {
            return Linearized(value: ScaledTensor(x, factor: 0), derivative: ScalarLinearization(0))
        }
        return Linearized(
            value: Tensor(zeros: shape, block: x.block),
            derivative: ZeroLinearization(input: x.shape, output: shape))
    }
}

private struct ZeroLinearization<Scalar: KernelScalar>: Linearization {
    let input: Shape
    let output: Shape

    func vjp(_ cotangent: Tensor<Scalar>) -> Tensor<Scalar> { Tensor(zeros: input, block: cotangent.block) }
    func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> { Tensor(zeros: output, block: tangent.block) }
}
