import Kernels
import Tensors

/// Maps one after another.
public struct Sequential<Scalar: KernelScalar>: DifferentiableMap {
    public let maps: [any DifferentiableMap<Scalar>]
    /// The same with every convolution and the batch normalisation before it as one map, for training.
    private let layers: [any DifferentiableMap<Scalar>]

    public init(_ maps: [any DifferentiableMap<Scalar>]) {
        self.maps = maps
        layers = WeightLayer.gathering(maps)
    }

    public func outputShape(for input: Shape) -> Shape {
        maps.reduce(input) { $1.outputShape(for: $0) }
    }
    public var parameters: [Parameter<Scalar>] { maps.flatMap { $0.parameters } }
    public func normalizations(for input: Shape) -> [NormalizationSite] {
        gather(from: input) { $0.normalizations(for: $1) }
    }
    public var isLinear: Bool { maps.allSatisfy { $0.isLinear } }
    public var canRepeatValue: Bool { maps.last { !$0.isLinear }?.canRepeatValue ?? false }
    public func keptElements(for input: Shape) -> Int {
        gather(from: input) { [$0.keptElements(for: $1)] }.reduce(0, +)
    }
    public func multiplyAdds(for input: Shape) -> Int {
        gather(from: input) { [$0.multiplyAdds(for: $1)] }.reduce(0, +)
    }

    /// What the maps have of something, each with the shape that reaches it.
    private func gather<Found>(
        from input: Shape, _ found: (any DifferentiableMap<Scalar>, Shape) -> [Found]
    ) -> [Found] {
        var shape = input
        return maps.flatMap { map in
            defer { shape = map.outputShape(for: shape) }
            return found(map, shape)
        }
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        let chain = pass.keepsParameterInputs ? layers : maps
        guard let first = chain.first else { return IdentityMap().linearize(x, in: pass) }
        var last = try first.linearize(x, in: pass)
        var derivatives = [last.derivative]
        for map in chain.dropFirst() {
            last = try pass.offering(last) { try map.linearize($0, in: pass) }
            derivatives.append(last.derivative)
        }
        return Linearized(value: last.value, derivative: ChainedLinearization(links: derivatives))
    }

    public func linearize(
        _ x: Tensor<Scalar>, adding addend: Addend<Scalar>, in pass: ForwardPass
    ) throws -> (sum: Tensor<Scalar>, derivative: any Linearization<Scalar>) {
        let chain = pass.keepsParameterInputs ? layers : maps
        guard let end = chain.last else { return try IdentityMap().linearize(x, adding: addend, in: pass) }
        guard chain.count > 1 else { return try end.linearize(x, adding: addend, in: pass) }
        var last = try chain[0].linearize(x, in: pass)
        var derivatives = [last.derivative]
        for map in chain.dropFirst().dropLast() {
            last = try pass.offering(last) { try map.linearize($0, in: pass) }
            derivatives.append(last.derivative)
        }
        let (sum, derivative) = try pass.offering(last) { try end.linearize($0, adding: addend, in: pass) }
        return (sum, ChainedLinearization(links: derivatives + [derivative]))
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
        let pulled = try pullBack(LayerCotangent(cotangent), accumulating: &gradients)
        return Scalar.kernels.resolve(pulled)
    }
    func pullBack(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> LayerCotangent<Scalar> {
        var c = consume cotangent
        for link in links.reversed() { c = try link.pullBack(consume c, accumulating: &gradients) }
        return c
    }
    func pullBackResolving(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> (cotangent: Tensor<Scalar>, input: LayerCotangent<Scalar>) {
        guard let last = links.last else {
            let resolved = Scalar.kernels.resolve(cotangent)
            return (resolved, LayerCotangent(resolved))
        }
        // Taken apart, so that nothing else holds c on its way.
        let resolved: Tensor<Scalar>
        var c: LayerCotangent<Scalar>
        (resolved, c) = try last.pullBackResolving(consume cotangent, accumulating: &gradients)
        for link in links.dropLast().reversed() { c = try link.pullBack(consume c, accumulating: &gradients) }
        return (resolved, c)
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
    func pullBack(_ cotangent: consuming ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        var c = consume cotangent
        for link in links.reversed() { c = try link.pullBack(consume c) }
        return c
    }
    func pushForward(_ tangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        try links.reduce(tangent) { try $1.pushForward($0) }
    }

    /// The last link that is not of a linear map; the value can be made again from there.
    private var lastNonlinear: (any Linearization<Scalar>)? { links.last { !$0.isOfLinearMap } }

    var canRepeatValue: Bool { lastNonlinear?.canRepeatValue ?? false }

    func value() throws -> Tensor<Scalar>? {
        guard let start = try lastNonlinear?.value() else { return nil }
        return try links.reversed().prefix { $0.isOfLinearMap }.reversed().reduce(start) { try $1.jvp($0) }
    }

    func value(adding addend: Addend<Scalar>) throws -> Tensor<Scalar>? {
        // Where the value ends in more than one link, the sum was not made by the last one alone.
        guard let last = links.last, !last.isOfLinearMap else {
            guard let value = try value() else { return nil }
            return Scalar.kernels.combine(value, 1, addend.tensor, addend.factor)
        }
        return try last.value(adding: addend)
    }
}
