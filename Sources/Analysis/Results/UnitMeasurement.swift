import Tensors

/// What was measured at x_l, the input of unit l (l = 0 … L; row L is the input of the head).
///
/// Norms are L2 over the whole batch tensor (N, C, H, W); where a norm has no logarithm, it says why. Equation numbers are those of He, Zhang, Ren, Sun (2016).
public struct UnitMeasurement: Sendable, Equatable {
    /// l, counted from 0.
    public var unit: Int
    /// Stage of the tensor x_l, counted from 1; 0 is the stem's output where no unit keeps its size.
    public var stage: Int
    /// Channels of x_l.
    public var channels: Int
    /// Where unit l comes from: a module's path in a model of a file; empty elsewhere, and for row L.
    public var label = ""
    /// What h of unit l is, in a word, as the label.
    public var kind = ""
    /// Extents of x_l, of several tensors those of the first, as the label; for row L too.
    public var shape: [Int] = []
    /// √(mean of x_l²), per element; `nil` where x_l is not finite, and above that.
    public var forwardRMS: Double?
    public var forwardStatus = MeasurementStatus.notMeasured
    /// Mean over channels of the squared channel mean of x_l (over batch and space); `nil` above Double's range.
    public var channelMeanSquare: Double?
    /// Mean over channels of the channel variance of x_l (over batch and space); `nil` above Double's range.
    public var channelVariance: Double?
    /// log10 ‖∂E/∂x_l‖.
    public var gradient = LogNorm.notMeasured
    /// log10 ‖d_l‖, the first term of Eqn. 5/8: the part carried by the shortcuts alone.
    public var direct = LogNorm.notMeasured
    /// log10 ‖w_l‖, the second term of Eqn. 5/8: the part that passed through at least one branch.
    public var throughWeights = LogNorm.notMeasured
    /// ‖g − d − w‖ / max(‖g‖, ‖d‖, ‖w‖); `nil` if all three are 0.
    public var decompositionError: Double?
    /// Σ_{i=l}^{L−1} log10|λ_i|: the shortcuts alone, without f′. `nil` where h is not a scaling.
    public var shortcutProductLog10: Double?
    /// Cosine of the angle between d_l and w_l; `nil` where either is 0.
    public var cosine: Double?
    /// log10 ‖d_l‖ of the recursion restarted at the last x of this stage.
    public var stageDirect = LogNorm.notMeasured
    /// log10 ‖w_l‖ of the recursion restarted at the last x of this stage.
    public var stageThroughWeights = LogNorm.notMeasured
    /// Eqn. 4/7 from the first x of the segment to x_l, relative to the largest term; `nil` where h is not
    /// linear or f is not the identity.
    public var forwardIdentityError: Double?
    /// Share of negative elements of y_l, the input of f, where f is ReLU; `nil` elsewhere and for row L.
    public var negativeShare: Double?
    /// What was measured at y_l; `nil` where it was not asked for, and for row L.
    public var sum: SumMeasurement?
    /// Decimal digits of x_l that the run's rounding leaves; below 0 where what is left is decided by rounding alone.
    /// `nil` without probes. See `RoundingGrowth`.
    public var digitsLeft: Double?
    /// What theory expects here; `nil` where it was not asked or does not know.
    public var predicted: PredictedMeasurement?

    public init(unit: Int, stage: Int, channels: Int) {
        self.unit = unit
        self.stage = stage
        self.channels = channels
    }
}

/// What was measured at y_l = h(x_l) + F(x_l).
public struct SumMeasurement: Sendable, Equatable {
    /// √(mean of y_l²), per element; `nil` where y_l is not finite.
    public var forwardRMS: Double?
    /// log10 of the norms of ∂E/∂y_l and of its two parts.
    public var gradient = LogNorm.notMeasured
    public var direct = LogNorm.notMeasured
    public var throughWeights = LogNorm.notMeasured
    /// Of the angle between the two parts.
    public var cosine: Double?

    public init() {}
}

extension UnitMeasurement {
    // The logarithms alone, by the names of their columns.
    public var gradientLog10: Double? { gradient.value }
    public var directLog10: Double? { direct.value }
    public var throughWeightsLog10: Double? { throughWeights.value }
    public var stageDirectLog10: Double? { stageDirect.value }
    public var stageThroughWeightsLog10: Double? { stageThroughWeights.value }
    /// Whether d_l is exactly 0.
    var directIsZero: Bool { direct == .zero }
}
