import Kernels
import Tensors

/// γ(x − μ)/√(σ² + ε) + β for every channel of (N, C, space); ONNX `BatchNormalization`.
///
/// Slots: x, γ, β, and the running mean and variance. `running` normalises by those two; `batch`, which does without them, by
/// the batch's own, with the biased variance, and its derivative goes through them (Ioffe and Szegedy, 2015). What was normalised by stands in the
/// residue, for running averages. A ReLU right behind it can be computed in the same pass.
public struct BatchNorm: Operator {
    public enum Statistics: String, Sendable { case running, batch }

    public let statistics: Statistics
    public let epsilon: Double
    let activation: Normalization.Activation

    /// ε of the public implementations.
    public static let usualEpsilon = 1e-5

    public init(_ statistics: Statistics, epsilon: Double = usualEpsilon) {
        self.init(statistics, epsilon: epsilon, activation: .none)
    }

    private init(_ statistics: Statistics, epsilon: Double, activation: Normalization.Activation) {
        self.statistics = statistics
        self.epsilon = epsilon
        self.activation = activation
    }

    /// With max(0, ·) of its result; `nil` where that is there already.
    var rectified: BatchNorm? {
        activation == .none ? BatchNorm(statistics, epsilon: epsilon, activation: .rectifier) : nil
    }

    /// Whether max(0, ·) of the result is a part of it.
    package var isRectified: Bool { activation != .none }

    public var name: String { "BatchNormalization" }
    public var role: OperatorRole { .normalization(running: statistics == .running ? [3, 4] : []) }
    public var measuredSlot: Int? { statistics == .batch ? 0 : nil }
    /// The running statistics are followed, not trained.
    public func isDifferentiable(in slot: Int) -> Bool { slot < 3 }
    public func reads(for slot: Int) -> Reads {
        switch slot {
        case 0: Reads(operands: dependsOnPlace ? [0, 1, 2] : [1, 2])
        case 1: Reads(operands: [0, 1, 2])
        default: Reads(operands: activation == .none ? [] : [0, 1, 2])
        }
    }

    /// Held statistics make it a factor for each channel, whatever x is.
    private var dependsOnPlace: Bool { statistics == .batch || activation != .none }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: statistics == .batch ? 3...5 : 5...5)
        let x = operands[0]
        guard x.rank >= 2, operands[1...].allSatisfy({ $0 == Shape(axes: [x[1]]) }) else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement: "each of the others has one number a channel")
        }
        if statistics == .batch, x[1] > 0, x.count / x[1] < 2 {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement: "statistics over one value a channel turn every value into 0")
        }
        return x
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        _ = try shape(of: operands.map(\.shape))
        let found = try statistics(for: operands)
        let normalization = normalization(
            found, scale: try operands[1].tensor.doubles, shift: try operands[2].tensor.doubles)
        return Evaluation(Scalar.kernels.normalize(try operands[0].tensor, normalization), residue: found)
    }

    /// What x, γ, β and perhaps running statistics are normalised by.
    func statistics<Scalar>(for operands: [Value<Scalar>]) throws -> ChannelStatistics {
        statistics == .batch
            ? try operands[0].channelStatistics
            : ChannelStatistics(
                mean: try operands[3].tensor.doubles, variance: try operands[4].tensor.doubles)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: consuming Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        if slot == 0 {
            let x = dependsOnPlace ? try point.tensor(0) : cotangent
            return ScaledTensor(
                kernels.normalizePullback(consume cotangent, at: x, try normalization(at: point)))
        }
        if slot == 2, activation == .none {
            return ScaledTensor(
                kernels.sum(cotangent, to: point.resultShape.channelsAlone).reshaped(point.shapes[slot]))
        }
        let pullback = kernels.normalizePullbackToAll(
            consume cotangent, at: try point.tensor(0), try normalization(at: point))
        return ScaledTensor(
            Tensor(rounding: slot == 1 ? pullback.scale : pullback.shift, shape: point.shapes[slot]))
    }

    public func pullBack<Scalar: KernelScalar>(
        _ cotangent: consuming Cotangent<Scalar>, to slots: [Int], at point: Point<Scalar>
    ) throws -> [Cotangent<Scalar>] {
        let resolved = (consume cotangent).resolve()
        let (tensor, factor, exponent) = (resolved.tensor, resolved.factor, resolved.exponent)
        guard slots != [0] else {
            return [
                .resolved(try vjp(consume tensor, to: 0, at: point).scaled(by: factor, power: exponent))
            ]
        }
        _ = consume resolved
        let pullback = Scalar.kernels.normalizePullbackToAll(
            consume tensor, at: try point.tensor(0), try normalization(at: point))
        let parts = [
            pullback.input, Tensor(rounding: pullback.scale, shape: point.shapes[1]),
            Tensor(rounding: pullback.shift, shape: point.shapes[2]),
        ]
        return slots.map { .resolved(ScaledTensor(parts[$0], factor: factor, exponent: exponent)) }
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        if slot == 0 {
            let x = dependsOnPlace ? try point.tensor(0) : tangent
            return ScaledTensor(kernels.normalizePushforward(tangent, at: x, try normalization(at: point)))
        }
        let pushed: Tensor<Scalar>
        if slot == 1 {
            let found = try point.residue(as: ChannelStatistics.self)
            let zeros = [Double](repeating: 0, count: found.mean.count)
            // x̂ times the tangent of γ.
            let factor = Normalization(
                found, epsilon: epsilon, scale: tangent.doubles, shift: zeros, activation: .none,
                statistics: .fixed)
            pushed = kernels.normalize(try point.tensor(0), factor)
        } else {
            pushed = kernels.stretch(tangent.reshaped(point.resultShape.channelsAlone), to: point.resultShape)
        }
        guard activation != .none else { return ScaledTensor(pushed) }
        let value = kernels.normalize(try point.tensor(0), try normalization(at: point))
        return ScaledTensor(kernels.keep(pushed, wherePositive: value))
    }

    private func normalization<Scalar>(at point: Point<Scalar>) throws -> Normalization {
        normalization(
            try point.residue(as: ChannelStatistics.self), scale: try point.tensor(1).doubles,
            shift: try point.tensor(2).doubles)
    }

    func normalization(_ found: ChannelStatistics, scale: [Double], shift: [Double]) -> Normalization {
        Normalization(
            found, epsilon: epsilon, scale: scale, shift: shift, activation: activation,
            statistics: statistics == .batch ? .ofBatch : .fixed)
    }
}
