import Kernels
import Tensors

/// x ↦ c·u(x).
public struct ScaledMap<Scalar: KernelScalar>: DifferentiableMap {
    public let factor: Double
    public let inner: any DifferentiableMap<Scalar>

    public init(_ factor: Double, _ inner: any DifferentiableMap<Scalar>) {
        self.factor = factor
        self.inner = inner
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        let inner = try inner.linearize(x, in: pass)
        let value = inner.value.scaled(by: factor)
        if let multiple = inner.derivative.scalarMultiple {
            return Linearized(value: value, derivative: ScalarLinearization(factor * multiple))
        }
        return Linearized(
            value: value, derivative: ScaledLinearization(factor: factor, inner: inner.derivative))
    }

    public func outputShape(for input: Shape) -> Shape { inner.outputShape(for: input) }
    public var parameters: [Parameter<Scalar>] { inner.parameters }
    public func normalizations(for input: Shape) -> [NormalizationSite] {
        inner.normalizations(for: input)
    }
    public var isLinear: Bool { inner.isLinear }
    public func keptElements(for input: Shape) -> Int { inner.keptElements(for: input) }
    public func multiplyAdds(for input: Shape) -> Int { inner.multiplyAdds(for: input) }
}

private struct ScaledLinearization<Scalar: KernelScalar>: Linearization {
    let factor: Double
    let inner: any Linearization<Scalar>

    func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        Scalar.kernels.scale(try inner.vjp(cotangent), by: factor)
    }
    func vjp(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar> {
        try inner.vjp(Scalar.kernels.scale(cotangent, by: factor), accumulating: &gradients)
    }
    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        Scalar.kernels.scale(try inner.jvp(tangent), by: factor)
    }

    // Like the forward pass, which adds c·u(x) to the branch in one rounding: the factor joins the scale.
    func pullBack(_ cotangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        try inner.pullBack(cotangent).scaled(by: factor)
    }
    func pushForward(_ tangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        try inner.pushForward(tangent).scaled(by: factor)
    }
}
