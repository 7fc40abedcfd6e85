import Kernels
import Tensors

/// Batch normalisation, γ·(x − μ)/√(σ² + ε) + β, with the biased batch variance; a rectifier that follows at
/// once is computed in the same pass over memory.
public struct BatchNormalization<Scalar: KernelScalar>: DifferentiableMap {
    /// ε, as in the public implementations.
    public static var epsilon: Double { 1e-5 }

    public let name: String
    public let scale: [Double]
    public let shift: [Double]
    public let activation: Normalization.Activation
    let scaleName: String
    let shiftName: String

    public init(
        name: String, channels: Int, activation: Normalization.Activation, from source: any ParameterSource
    ) throws {
        self.name = name
        self.activation = activation
        scaleName = name + ".weight"
        shiftName = name + ".bias"
        scale = try source.vector(
            Scalar.self, name: scaleName, count: channels, role: .normalizationScale)
        shift = try source.vector(
            Scalar.self, name: shiftName, count: channels, role: .normalizationShift)
    }

    public var parameters: [Parameter<Scalar>] {
        [
            Parameter(name: scaleName, role: .normalizationScale, vector: scale),
            Parameter(name: shiftName, role: .normalizationShift, vector: shift),
        ]
    }
    public func normalizations(for input: Shape) -> [NormalizationSite] {
        [NormalizationSite(name: name, shape: input)]
    }
    public var canRepeatValue: Bool { true }
    public func keptElements(for input: Shape) -> Int { input.count }

    /// The affine map that it is at x.
    func normalization(of x: Tensor<Scalar>, in pass: ForwardPass) throws -> Normalization {
        let (channels, dependence) = try pass.normalizingStatistics(of: x, for: name)
        let (scale, shift) = try coefficients(in: pass)
        return Normalization(
            channels, epsilon: Self.epsilon, scale: scale, shift: shift, activation: activation,
            statistics: dependence)
    }

    /// γ and β, as the pass has them.
    private func coefficients(in pass: ForwardPass) throws -> (scale: [Double], shift: [Double]) {
        guard let parameters = pass.parameters else { return (scale, shift) }
        return (
            try parameters.vector(
                Scalar.self, name: scaleName, count: scale.count, role: .normalizationScale),
            try parameters.vector(
                Scalar.self, name: shiftName, count: shift.count, role: .normalizationShift)
        )
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        let normalization = try normalization(of: x, in: pass)
        return Linearized(
            value: Scalar.kernels.normalize(x, normalization),
            derivative: NormalizationLinearization(
                scaleName: scaleName, shiftName: shiftName, input: pass.reference(to: x),
                normalization: normalization))
    }
}

private struct NormalizationLinearization<Scalar: KernelScalar>: Linearization {
    let scaleName: String
    let shiftName: String
    let input: TensorReference<Scalar>
    let normalization: Normalization

    func vjp(_ cotangent: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
        Scalar.kernels.normalizePullback(cotangent, at: try x(), normalization)
    }
    func vjp(
        _ cotangent: consuming Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar> {
        let pullback = Scalar.kernels.normalizePullbackToAll(cotangent, at: try x(), normalization)
        gradients.add(pullback.scale, to: scaleName)
        gradients.add(pullback.shift, to: shiftName)
        return pullback.input
    }
    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
        Scalar.kernels.normalizePushforward(tangent, at: try x(), normalization)
    }
    var canRepeatValue: Bool { true }
    func value() throws -> Tensor<Scalar>? { Scalar.kernels.normalize(try x(), normalization) }

    private func x() throws -> Tensor<Scalar> {
        guard let x = input.tensor else { throw NetworkError.inputReleased }
        return x
    }
}
