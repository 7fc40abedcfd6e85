import Kernels
import Tensors

/// γ(x − μ)/√(σ² + ε) + β for every channel of (N, C, space); ONNX `BatchNormalization`.
///
/// Slots: x, γ, β, and the running mean and variance. `running` normalises by those two; `batch` by the batch's own, with
/// the biased variance, and its derivative goes through them (Ioffe and Szegedy, 2015). What was normalised by stands in the
/// residue, for running averages.
public struct BatchNorm: Operator {
    public enum Statistics: String, Sendable { case running, batch }

    public let statistics: Statistics
    public let epsilon: Double

    public init(_ statistics: Statistics, epsilon: Double = 1e-5) {
        self.statistics = statistics
        self.epsilon = epsilon
    }

    public var name: String { "BatchNormalization" }
    /// The running statistics are followed, not trained.
    public func isDifferentiable(in slot: Int) -> Bool { slot < 3 }
    public func reads(for slot: Int) -> Reads {
        switch slot {
        case 0: Reads(operands: statistics == .batch ? [0, 1, 2] : [1, 2])
        case 1: Reads(operands: [0, 1, 2])
        default: Reads()
        }
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 5...5)
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
        let x = try operands[0].tensor
        let (scale, shift) = (try operands[1].tensor.doubles, try operands[2].tensor.doubles)
        let found =
            statistics == .batch
            ? Scalar.kernels.channelStatistics(x)
            : ChannelStatistics(
                mean: try operands[3].tensor.doubles, variance: try operands[4].tensor.doubles)
        return Evaluation(
            Scalar.kernels.normalize(x, normalization(found, scale: scale, shift: shift)), residue: found)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        guard slot < 2 else {
            return ScaledTensor(
                kernels.sum(cotangent, to: point.resultShape.channelsAlone).reshaped(point.shapes[slot]))
        }
        let normalization = try normalization(at: point)
        // Held statistics make it a factor for each channel, whatever x is.
        if slot == 0 {
            let x = statistics == .batch ? try point.tensor(0) : cotangent
            return ScaledTensor(kernels.normalizePullback(cotangent, at: x, normalization))
        }
        let pullback = kernels.normalizePullbackToAll(cotangent, at: try point.tensor(0), normalization)
        return ScaledTensor(Tensor(rounding: pullback.scale, shape: point.shapes[1]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        switch slot {
        case 0:
            let x = statistics == .batch ? try point.tensor(0) : tangent
            return ScaledTensor(kernels.normalizePushforward(tangent, at: x, try normalization(at: point)))
        case 1:
            let found = try point.residue(as: ChannelStatistics.self)
            let zeros = [Double](repeating: 0, count: found.mean.count)
            // x̂ times the tangent of γ.
            return ScaledTensor(
                kernels.normalize(
                    try point.tensor(0), normalization(found, scale: tangent.doubles, shift: zeros)))
        default:
            return ScaledTensor(
                kernels.stretch(tangent.reshaped(point.resultShape.channelsAlone), to: point.resultShape))
        }
    }

    private func normalization<Scalar>(at point: Point<Scalar>) throws -> Normalization {
        normalization(
            try point.residue(as: ChannelStatistics.self), scale: try point.tensor(1).doubles,
            shift: try point.tensor(2).doubles)
    }

    private func normalization(
        _ found: ChannelStatistics, scale: [Double], shift: [Double]
    ) -> Normalization {
        Normalization(
            found, epsilon: epsilon, scale: scale, shift: shift, activation: .none,
            statistics: statistics == .batch ? .ofBatch : .fixed)
    }
}
