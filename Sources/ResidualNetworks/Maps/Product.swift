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
        let (a, b) = (first.tensor, second.tensor)
        return Linearized(
            value: Scalar.kernels.multiply(a, b),
            derivative: ProductLinearization(
                a: a, b: b, derivativeOfA: first.derivative, derivativeOfB: second.derivative))
    }
}

private struct ProductLinearization<Scalar: KernelScalar>: Linearization {
    let a: Tensor<Scalar>
    let b: Tensor<Scalar>
    let derivativeOfA: any Linearization<Scalar>
    let derivativeOfB: any Linearization<Scalar>

    func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let kernels = Scalar.kernels
        return kernels.combine(
            try derivativeOfA.vjp(kernels.multiply(cotangent, b)), 1,
            try derivativeOfB.vjp(kernels.multiply(cotangent, a)), 1)
    }

    func vjp(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar> {
        let kernels = Scalar.kernels
        let first = try derivativeOfA.vjp(kernels.multiply(cotangent, b), accumulating: &gradients)
        let second = try derivativeOfB.vjp(kernels.multiply(cotangent, a), accumulating: &gradients)
        return kernels.combine(first, 1, second, 1)
    }

    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let kernels = Scalar.kernels
        return kernels.combine(
            kernels.multiply(try derivativeOfA.jvp(tangent), b), 1,
            kernels.multiply(a, try derivativeOfB.jvp(tangent)), 1)
    }
}
