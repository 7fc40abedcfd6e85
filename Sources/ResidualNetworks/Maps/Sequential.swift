import Kernels
import Tensors

/// Maps one after another.
public struct Sequential<Scalar: KernelScalar>: DifferentiableMap {
    public let maps: [any DifferentiableMap<Scalar>]

    public init(_ maps: [any DifferentiableMap<Scalar>]) { self.maps = maps }

    public func outputShape(for input: Shape) -> Shape {
        maps.reduce(input) { $1.outputShape(for: $0) }
    }
    public var parameters: [Parameter<Scalar>] { maps.flatMap { $0.parameters } }
    public var normalizations: [String] { maps.flatMap { $0.normalizations } }
    public var isLinear: Bool { maps.allSatisfy { $0.isLinear } }
    public var canRepeatValue: Bool { maps.last { !$0.isLinear }?.canRepeatValue ?? false }
    public func keptElements(for input: Shape) -> Int {
        sum(from: input) { $0.keptElements(for: $1) }
    }
    public func multiplyAdds(for input: Shape) -> Int {
        sum(from: input) { $0.multiplyAdds(for: $1) }
    }

    /// The sum of a number over the maps, each with the shape that reaches it.
    private func sum(from input: Shape, _ number: (any DifferentiableMap<Scalar>, Shape) -> Int) -> Int {
        maps.reduce((sum: 0, shape: input)) { state, map in
            (state.sum + number(map, state.shape), map.outputShape(for: state.shape))
        }.sum
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        guard let first = maps.first else { return IdentityMap().linearize(x, in: pass) }
        var last = try first.linearize(x, in: pass)
        var derivatives = [last.derivative]
        for map in maps.dropFirst() {
            last = try pass.offering(last) { try map.linearize($0, in: pass) }
            derivatives.append(last.derivative)
        }
        return Linearized(value: last.value, derivative: ChainedLinearization(links: derivatives))
    }
}

/// The chain rule.
private struct ChainedLinearization<Scalar: KernelScalar>: Linearization {
    let links: [any Linearization<Scalar>]

    func vjp(_ cotangent: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
        var c = consume cotangent
        for link in links.reversed() { c = try link.vjp(consume c) }
        return c
    }
    func vjp(
        _ cotangent: consuming Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar> {
        var c = consume cotangent
        for link in links.reversed() { c = try link.vjp(consume c, accumulating: &gradients) }
        return c
    }
    func pullBackToParameters(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws {
        var c = cotangent
        for link in links.dropFirst().reversed() { c = try link.vjp(consume c, accumulating: &gradients) }
        try links.first?.pullBackToParameters(c, accumulating: &gradients)
    }
    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try links.reduce(tangent) { try $1.jvp($0) }
    }

    /// The last link that is not of a linear map; the value can be made again from there.
    private var lastNonlinear: (any Linearization<Scalar>)? { links.last { !$0.isOfLinearMap } }

    var canRepeatValue: Bool { lastNonlinear?.canRepeatValue ?? false }

    func value() throws -> Tensor<Scalar>? {
        guard let start = try lastNonlinear?.value() else { return nil }
        return try links.reversed().prefix { $0.isOfLinearMap }.reversed().reduce(start) { try $1.jvp($0) }
    }
}
