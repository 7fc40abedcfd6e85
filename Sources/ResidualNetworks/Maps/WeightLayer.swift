import Kernels
import Tensors

/// A convolution without bias, and the batch normalisation that it reads through, as one map: kernels then pass over
/// the maps between them once instead of three times, and the normalised map is never kept.
struct WeightLayer<Scalar: KernelScalar>: DifferentiableMap {
    let normalization: BatchNormalization<Scalar>?
    let convolution: Convolution<Scalar>

    /// Maps with every convolution that can be a weight layer replaced by one, together with a batch normalisation
    /// right before it.
    static func gathering(_ maps: [any DifferentiableMap<Scalar>]) -> [any DifferentiableMap<Scalar>] {
        maps.reduce(into: []) { layers, map in
            guard let convolution = map as? Convolution<Scalar>, convolution.bias == nil else {
                layers.append(map)
                return
            }
            let normalization = layers.last as? BatchNormalization<Scalar>
            if normalization != nil { layers.removeLast() }
            layers.append(WeightLayer(normalization: normalization, convolution: convolution))
        }
    }

    var parameters: [Parameter<Scalar>] { (normalization?.parameters ?? []) + convolution.parameters }
    func normalizations(for input: Shape) -> [NormalizationSite] {
        normalization?.normalizations(for: input) ?? []
    }
    var isLinear: Bool { normalization == nil }
    var canRepeatValue: Bool { normalization != nil }
    func outputShape(for input: Shape) -> Shape { convolution.outputShape(for: input) }
    func keptElements(for input: Shape) -> Int { input.count }
    func multiplyAdds(for input: Shape) -> Int { convolution.multiplyAdds(for: input) }

    func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        let (value, derivative) = try linearize(x, adding: nil, in: pass)
        return Linearized(value: value, derivative: derivative)
    }

    func linearize(
        _ x: Tensor<Scalar>, adding addend: Addend<Scalar>, in pass: ForwardPass
    ) throws -> (sum: Tensor<Scalar>, derivative: any Linearization<Scalar>) {
        try linearize(x, adding: .some(addend), in: pass)
    }

    private func linearize(
        _ x: Tensor<Scalar>, adding addend: Addend<Scalar>?, in pass: ForwardPass
    ) throws -> (Tensor<Scalar>, any Linearization<Scalar>) {
        let geometry = try convolution.requiredGeometry(for: x.shape)
        let affine = try normalization?.normalization(of: x, in: pass)
        let filter = try convolution.filter(in: pass)
        let layer = try Scalar.kernels.layer(LayerInput(x, affine), filter, geometry, adding: addend)
        pass.remember(layer.statistics, of: layer.value)
        let input: WeightLayerLinearization<Scalar>.Input =
            affine.map { .normalized(pass.reference(to: x), $0) } ?? .plain(pass.parameterInput(x))
        return (
            layer.value,
            WeightLayerLinearization(
                filterName: convolution.weightName,
                coefficientNames: normalization.map { ($0.scaleName, $0.shiftName) }, filter: filter,
                geometry: geometry, input: input)
        )
    }
}

private struct WeightLayerLinearization<Scalar: KernelScalar>: Linearization {
    enum Input: Sendable {
        case plain(ParameterInput<Scalar>?)
        case normalized(TensorReference<Scalar>, Normalization)
    }

    let filterName: String
    /// Of the normalisation's γ and β.
    let coefficientNames: (scale: String, shift: String)?
    let filter: Tensor<Scalar>
    let geometry: ConvolutionGeometry
    let input: Input

    func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let c = try Scalar.kernels.convolutionPullback(cotangent, filter, geometry)
        guard case .normalized(let x, let normalization) = input else { return c }
        return Scalar.kernels.normalizePullback(c, at: try tensor(x), normalization)
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
        try pullBackToAll(consume cotangent, accumulating: &gradients).input
    }
    func pullBackResolving(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> (cotangent: Tensor<Scalar>, input: LayerCotangent<Scalar>) {
        guard cotangent.addend != nil else {
            let resolved = Scalar.kernels.resolve(cotangent)
            return (resolved, try pullBack(LayerCotangent(resolved), accumulating: &gradients))
        }
        let pullback = try pullBackToAll(consume cotangent, accumulating: &gradients)
        guard let resolved = pullback.cotangent else { preconditionFailure("an addend without a sum") }
        return (resolved, pullback.input)
    }
    private func pullBackToAll(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> LayerPullback<Scalar> {
        let pullback = try Scalar.kernels.layerPullback(
            consume cotangent, at: layerInput(), filter, geometry)
        gradients.add(pullback.filter, to: filterName)
        if let scale = pullback.scale, let shift = pullback.shift, let names = coefficientNames {
            gradients.add(scale, to: names.scale)
            gradients.add(shift, to: names.shift)
        }
        return pullback
    }
    func pullBackToParameters(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws {
        guard case .plain(let kept) = input else {
            _ = try vjp(cotangent, accumulating: &gradients)
            return
        }
        gradients.add(
            try Scalar.kernels.convolutionFilterGradient(cotangent, at: parameterInput(kept), geometry),
            to: filterName)
    }
    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        guard case .normalized(let x, let normalization) = input else {
            return try Scalar.kernels.convolution(tangent, filter, geometry)
        }
        let normalized = Scalar.kernels.normalizePushforward(tangent, at: try tensor(x), normalization)
        return try Scalar.kernels.convolution(normalized, filter, geometry)
    }

    var isOfLinearMap: Bool { !canRepeatValue }
    var canRepeatValue: Bool {
        if case .normalized = input { return true }
        return false
    }
    func value() throws -> Tensor<Scalar>? { try repeated(adding: nil) }
    func value(adding addend: Addend<Scalar>) throws -> Tensor<Scalar>? { try repeated(adding: addend) }

    private func repeated(adding addend: Addend<Scalar>?) throws -> Tensor<Scalar>? {
        guard canRepeatValue else { return nil }
        return try Scalar.kernels.layer(layerInput(), filter, geometry, adding: addend).value
    }

    private func layerInput() throws -> LayerInput<Scalar> {
        switch input {
        case .plain(let kept): LayerInput(try parameterInput(kept))
        case .normalized(let x, let normalization): LayerInput(try tensor(x), normalization)
        }
    }

    private func parameterInput(_ kept: ParameterInput<Scalar>?) throws -> Tensor<Scalar> {
        guard let kept else { throw NetworkError.parameterInputNotKept(name: filterName) }
        return try kept.tensor()
    }

    private func tensor(_ reference: TensorReference<Scalar>) throws -> Tensor<Scalar> {
        guard let x = reference.tensor else { throw NetworkError.inputReleased }
        return x
    }
}
