import Kernels
import ResidualNetworks
import Tensors

/// A map with the right values whose derivative is replaced: `mutate` is given the point and the right
/// derivative.
public struct Mutant: Shortcut, AfterAddition {
    public typealias Scalar = Double
    public typealias Mutation =
        @Sendable (Tensor<Double>, any Linearization<Double>, ForwardPass) throws -> any Linearization<Double>

    private let original: any DifferentiableMap<Double>
    private let mutate: Mutation

    public init(_ original: any DifferentiableMap<Double>, mutate: @escaping Mutation) {
        self.original = original
        self.mutate = mutate
    }

    public func linearize(_ x: Tensor<Double>, in pass: ForwardPass) throws -> Linearized<Double> {
        let right = try original.linearize(x, in: pass)
        return Linearized(value: right.value, derivative: try mutate(x, right.derivative, pass))
    }
    public func outputShape(for input: Shape) -> Shape { original.outputShape(for: input) }
    public var parameters: [Parameter<Double>] { original.parameters }
    public func normalizations(for input: Shape) -> [NormalizationSite] {
        original.normalizations(for: input)
    }
    public var isLinear: Bool { original.isLinear }
}

/// One direction of one derivative, the other direction of another.
public struct TwoFacedLinearization: Linearization {
    let pullingBack: any Linearization<Double>
    let pushingForward: any Linearization<Double>

    public init(pullingBack: any Linearization<Double>, pushingForward: any Linearization<Double>) {
        self.pullingBack = pullingBack
        self.pushingForward = pushingForward
    }

    public func vjp(_ cotangent: Tensor<Double>) throws -> Tensor<Double> { try pullingBack.vjp(cotangent) }
    public func jvp(_ tangent: Tensor<Double>) throws -> Tensor<Double> { try pushingForward.jvp(tangent) }
}

/// A batch normalisation whose derivative forgets that mean and variance depend on x.
public struct ForgottenStatistics: Linearization {
    let x: Tensor<Double>
    let normalization: Normalization

    public init(_ map: BatchNormalization<Double>, at x: Tensor<Double>) {
        self.x = x
        normalization = Normalization(
            Double.kernels.channelStatistics(x), epsilon: BatchNormalization<Double>.epsilon,
            scale: map.scale,
            shift: map.shift, activation: map.activation, statistics: .fixed)
    }

    public func vjp(_ cotangent: Tensor<Double>) -> Tensor<Double> {
        Double.kernels.normalizePullback(cotangent, at: x, normalization)
    }
    public func jvp(_ tangent: Tensor<Double>) -> Tensor<Double> {
        Double.kernels.normalizePushforward(tangent, at: x, normalization)
    }
}

extension Mutant {
    /// Pulled back and, with `bothWays`, pushed forward as c times one.
    public static func scalar(
        _ c: Double, of map: any DifferentiableMap<Double>, bothWays: Bool = false
    ) -> Mutant {
        Mutant(map) { _, right, _ in
            let wrong = ScalarLinearization<Double>(c)
            return TwoFacedLinearization(pullingBack: wrong, pushingForward: bothWays ? wrong : right)
        }
    }

    /// A mask (of dropout, of ReLU) that the pull-back, and with `bothWays` the push-forward, does not apply.
    public static func droppedMask(of map: any DifferentiableMap<Double>, bothWays: Bool = false) -> Mutant {
        scalar(1, of: map, bothWays: bothWays)
    }

    /// The term of the batch's statistics is forgotten in the pull-back, and with `bothWays` in both.
    public static func forgottenStatistics(of map: BatchNormalization<Double>, bothWays: Bool = false)
        -> Mutant
    {
        Mutant(map) { x, right, _ in
            let wrong = ForgottenStatistics(map, at: x)
            return TwoFacedLinearization(pullingBack: wrong, pushingForward: bothWays ? wrong : right)
        }
    }
}
