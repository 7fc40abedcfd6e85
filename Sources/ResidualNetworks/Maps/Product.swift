import Kernels
import Tensors

/// x ↦ a(x)∘b(x), element by element; its derivative is a′∘b + a∘b′.
public struct Product<Scalar: KernelScalar>: DifferentiableMap {
    public let first: any DifferentiableMap<Scalar>
    public let second: any DifferentiableMap<Scalar>

    public init(_ first: any DifferentiableMap<Scalar>, _ second: any DifferentiableMap<Scalar>) {
        self.first = first
        self.second = second
    }

    public func outputShape(for input: Shape) -> Shape { second.outputShape(for: input) }
    public var parameters: [Parameter<Scalar>] { first.parameters + second.parameters }
    public func normalizations(for input: Shape) -> [NormalizationSite] {
        first.normalizations(for: input) + second.normalizations(for: input)
    }
    public func keptElements(for input: Shape) -> Int {
        first.keptElements(for: input) + second.keptElements(for: input) + 2 * outputShape(for: input).count
    }
    public func multiplyAdds(for input: Shape) -> Int {
        first.multiplyAdds(for: input) + second.multiplyAdds(for: input)
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        let (first, second) = (try first.linearize(x, in: pass), try second.linearize(x, in: pass))
        return Linearized(
            value: first.value.multiplied(by: second.value),
            derivative: ProductLinearization(
                a: first.value, b: second.value, derivativeOfA: first.derivative,
                derivativeOfB: second.derivative))
    }
}

private struct ProductLinearization<Scalar: KernelScalar>: Linearization {
    let a: ScaledTensor<Scalar>
    let b: ScaledTensor<Scalar>
    let derivativeOfA: any Linearization<Scalar>
    let derivativeOfB: any Linearization<Scalar>

    func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try pullBack(ScaledTensor(cotangent)).plain
    }

    func vjp(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar> {
        let c = ScaledTensor(cotangent)
        let first = try derivativeOfA.vjp(c.multiplied(by: b).plain, accumulating: &gradients)
        let second = try derivativeOfB.vjp(c.multiplied(by: a).plain, accumulating: &gradients)
        return Scalar.kernels.combine(first, 1, second, 1)
    }

    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try pushForward(ScaledTensor(tangent)).plain
    }

    // The scale of what comes in joins at the end, so that it costs no rounding.
    func pullBack(_ cotangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        let c = ScaledTensor(cotangent.tensor)
        return try derivativeOfA.pullBack(c.multiplied(by: b))
            .plus(derivativeOfB.pullBack(c.multiplied(by: a)))
            .scaled(by: cotangent.factor, power: cotangent.exponent)
    }

    func pushForward(_ tangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        let t = ScaledTensor(tangent.tensor)
        return try derivativeOfA.pushForward(t).multiplied(by: b)
            .plus(derivativeOfB.pushForward(t).multiplied(by: a))
            .scaled(by: tangent.factor, power: tangent.exponent)
    }
}
