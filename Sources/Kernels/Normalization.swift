import Tensors

/// Mean and biased variance of every channel, over batch and space.
public struct ChannelStatistics: Sendable, Equatable {
    public var mean: [Double]
    public var variance: [Double]
    /// Elements of a channel that they were taken over, N·H·W; 0 where they are no statistics of one batch.
    public var elements: Int

    public init(mean: [Double], variance: [Double], elements: Int = 0) {
        self.mean = mean
        self.variance = variance
        self.elements = elements
    }
}

/// The affine map of a batch normalisation, `γ·(x − μ)·s + β` with `s = 1/√(variance + ε)`, per channel.
public struct Normalization: Sendable {
    public var mean: [Double]
    /// s.
    public var inverseDeviation: [Double]
    /// γ.
    public var scale: [Double]
    /// β.
    public var shift: [Double]
    /// What follows at once: `max(0, ·)` or nothing. One pass over memory serves both.
    public var activation: Activation
    /// What the derivative holds fixed.
    public var statistics: Statistics

    public enum Activation: Sendable { case none, rectifier }
    /// Training mode differentiates through the batch's mean and variance; inference mode holds them fixed.
    public enum Statistics: Sendable { case ofBatch, fixed }

    public init(
        _ channels: ChannelStatistics, epsilon: Double, scale: [Double], shift: [Double],
        activation: Activation, statistics: Statistics
    ) {
        mean = channels.mean
        // The inverse of an overflow is no 0: that would pass for a normalised channel.
        inverseDeviation = channels.variance.map { $0.isFinite ? 1 / ($0 + epsilon).squareRoot() : .nan }
        self.scale = scale
        self.shift = shift
        self.activation = activation
        self.statistics = statistics
    }
}

/// A cotangent of a normalisation's value, pulled back to all that the value depends on.
public struct NormalizationPullback<Scalar: TensorScalar>: Sendable {
    /// ∂/∂x.
    public var input: Tensor<Scalar>
    /// ∂/∂γ = Σ mask·c·x̂ of every channel.
    public var scale: [Double]
    /// ∂/∂β = Σ mask·c of every channel.
    public var shift: [Double]

    public init(input: Tensor<Scalar>, scale: [Double], shift: [Double]) {
        self.input = input
        self.scale = scale
        self.shift = shift
    }
}
