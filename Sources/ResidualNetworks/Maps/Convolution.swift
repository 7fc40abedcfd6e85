import Kernels
import Tensors

/// A square convolution with zero padding and an optional bias; on vectors, a fully connected layer.
public struct Convolution<Scalar: KernelScalar>: DifferentiableMap {
    public let name: String
    /// (O, I, k, k).
    public let filter: Tensor<Scalar>
    public let bias: [Double]?
    public let stride: Int
    public let padding: Int
    let weightName: String
    private let biasName: String
    private let weightRole: ParameterRole
    private let biasRole: ParameterRole?
    /// The classifier's weight is exported as a matrix.
    private let exportedDimensions: [Int]

    /// Draws its parameters `name.weight` and, with a bias role, `name.bias`.
    public init(
        name: String, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1,
        weightRole: ParameterRole = .weight, biasRole: ParameterRole? = nil, from source: any ParameterSource
    ) throws {
        self.name = name
        self.stride = stride
        self.weightRole = weightRole
        self.biasRole = biasRole
        weightName = name + ".weight"
        biasName = name + ".bias"
        padding = kernel / 2
        exportedDimensions =
            weightRole == .classifierWeight ? [outputs, inputs] : [outputs, inputs, kernel, kernel]
        let weights: Tensor<Scalar> = try source.values(
            name: weightName, dimensions: exportedDimensions, role: weightRole)
        filter = weights.reshaped(Shape(outputs, inputs, kernel, kernel))
        bias = try biasRole.map { [biasName] in
            try source.vector(Scalar.self, name: biasName, count: outputs, role: $0)
        }
    }

    public var isLinear: Bool { bias == nil }

    public func geometry(for input: Shape) -> ConvolutionGeometry {
        ConvolutionGeometry(
            input: input, outputChannels: filter.shape.batch, kernel: filter.shape.height, stride: stride,
            padding: padding)
    }

    public func outputShape(for input: Shape) -> Shape { geometry(for: input).output }
    public func multiplyAdds(for input: Shape) -> Int { geometry(for: input).multiplyAdds }

    public var parameters: [Parameter<Scalar>] {
        let weight = Parameter(
            name: weightName, dimensions: exportedDimensions, role: weightRole, values: filter)
        guard let bias, let biasRole else { return [weight] }
        return [weight, Parameter(name: biasName, role: biasRole, vector: bias)]
    }

    /// (O, I, k, k), as the pass has it.
    func filter(in pass: ForwardPass) throws -> Tensor<Scalar> {
        guard let parameters = pass.parameters else { return filter }
        let weights: Tensor<Scalar> = try parameters.values(
            name: weightName, dimensions: exportedDimensions, role: weightRole)
        return weights.reshaped(filter.shape)
    }

    private func bias(in pass: ForwardPass) throws -> [Double]? {
        guard let parameters = pass.parameters, let bias, let biasRole else { return bias }
        return try parameters.vector(Scalar.self, name: biasName, count: bias.count, role: biasRole)
    }

    /// - Throws: `NetworkError.shapeMismatch` for another number of channels.
    func requiredGeometry(for input: Shape) throws -> ConvolutionGeometry {
        guard input.channels == filter.shape.channels else {
            throw NetworkError.shapeMismatch(
                place: name, expected: input.with(channels: filter.shape.channels), found: input)
        }
        return geometry(for: input)
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        let geometry = try requiredGeometry(for: x.shape)
        let filter = try filter(in: pass)
        var y = try Scalar.kernels.convolution(x, filter, geometry)
        if let bias = try bias(in: pass) { y = Scalar.kernels.addBias(y, bias) }
        return Linearized(
            value: y,
            derivative: ConvolutionLinearization(
                weightName: weightName, biasName: biasName, filter: filter, geometry: geometry,
                isOfLinearMap: isLinear, input: pass.parameterInput(x)))
    }
}

private struct ConvolutionLinearization<Scalar: KernelScalar>: Linearization {
    let weightName: String
    let biasName: String
    let filter: Tensor<Scalar>
    let geometry: ConvolutionGeometry
    /// Whether there is no bias.
    let isOfLinearMap: Bool
    /// x, where the pass keeps it.
    let input: ParameterInput<Scalar>?

    func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try Scalar.kernels.convolutionPullback(cotangent, filter, geometry)
    }
    func vjp(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar> {
        try pullBackToParameters(cotangent, accumulating: &gradients)
        return try vjp(cotangent)
    }
    func pullBackToParameters(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws {
        guard let input else { throw NetworkError.parameterInputNotKept(name: weightName) }
        let kernels = Scalar.kernels
        gradients.add(
            try kernels.convolutionFilterGradient(cotangent, at: input.tensor(), geometry),
            to: weightName)
        if !isOfLinearMap {
            let perChannel = Double(cotangent.shape.batch * cotangent.shape.area)
            gradients.add(
                kernels.channelStatistics(cotangent).mean.map { $0 * perChannel }, to: biasName)
        }
    }
    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try Scalar.kernels.convolution(tangent, filter, geometry)
    }
}
