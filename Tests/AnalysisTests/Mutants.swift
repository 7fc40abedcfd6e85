import Kernels
import ResidualNetworks
import Tensors

/// A map with the right values whose derivative is replaced: `mutate` is given the point and the right
/// derivative.
struct Mutant: Shortcut, AfterAddition {
    typealias Scalar = Double
    typealias Mutation =
        @Sendable (Tensor<Double>, any Linearization<Double>, ForwardPass) throws -> any Linearization<Double>

    let original: any DifferentiableMap<Double>
    let mutate: Mutation

    init(_ original: any DifferentiableMap<Double>, mutate: @escaping Mutation) {
        self.original = original
        self.mutate = mutate
    }

    func linearize(_ x: Tensor<Double>, in pass: ForwardPass) throws -> Linearized<Double> {
        let right = try original.linearize(x, in: pass)
        return Linearized(value: right.value, derivative: try mutate(x, right.derivative, pass))
    }
    func outputShape(for input: Shape) -> Shape { original.outputShape(for: input) }
    var parameters: [Parameter<Double>] { original.parameters }
    var normalizations: [String] { original.normalizations }
    var isLinear: Bool { original.isLinear }
}

/// One direction of one derivative, the other direction of another.
struct TwoFacedLinearization: Linearization {
    let pullingBack: any Linearization<Double>
    let pushingForward: any Linearization<Double>

    func vjp(_ cotangent: Tensor<Double>) throws -> Tensor<Double> { try pullingBack.vjp(cotangent) }
    func jvp(_ tangent: Tensor<Double>) throws -> Tensor<Double> { try pushingForward.jvp(tangent) }
}

/// A batch normalisation whose derivative forgets that mean and variance depend on x.
struct ForgottenStatistics: Linearization {
    let x: Tensor<Double>
    let normalization: Normalization

    init(_ map: BatchNormalization<Double>, at x: Tensor<Double>) {
        self.x = x
        normalization = Normalization(
            Double.kernels.channelStatistics(x), epsilon: BatchNormalization<Double>.epsilon, scale: map.scale,
            shift: map.shift, activation: map.activation, statistics: .fixed)
    }

    func vjp(_ cotangent: Tensor<Double>) -> Tensor<Double> {
        Double.kernels.normalizePullback(cotangent, at: x, normalization)
    }
    func jvp(_ tangent: Tensor<Double>) -> Tensor<Double> {
        Double.kernels.normalizePushforward(tangent, at: x, normalization)
    }
}

extension Mutant {
    /// Pulled back and, with `bothWays`, pushed forward as c times one.
    static func scalar(
        _ c: Double, of map: any DifferentiableMap<Double>, bothWays: Bool = false
    ) -> Mutant {
        Mutant(map) { _, right, _ in
            let wrong = ScalarLinearization<Double>(c)
            return TwoFacedLinearization(pullingBack: wrong, pushingForward: bothWays ? wrong : right)
        }
    }

    /// A mask (of dropout, of ReLU) that the pull-back, and with `bothWays` the push-forward, does not apply.
    static func droppedMask(of map: any DifferentiableMap<Double>, bothWays: Bool = false) -> Mutant {
        scalar(1, of: map, bothWays: bothWays)
    }

    /// The term of the batch's statistics is forgotten in the pull-back, and with `bothWays` in both.
    static func forgottenStatistics(of map: BatchNormalization<Double>, bothWays: Bool = false) -> Mutant {
        Mutant(map) { x, right, _ in
            let wrong = ForgottenStatistics(map, at: x)
            return TwoFacedLinearization(pullingBack: wrong, pushingForward: bothWays ? wrong : right)
        }
    }
}
