import Foundation

/// What theory expects of a network before it is built: the counterpart of a measurement, row by row.
public struct PredictedTrace: Sendable, Equatable {
    /// Rows l = 0 … L.
    public var units: [PredictedUnit]
    public var pathLengths: PathLengthDistribution
    /// log10 of the mean squared singular value of ∂x_L/∂x_0.
    public var meanSquaredSingularValueLog10: Double?
    /// Seeds over whose median a band is meant.
    public var seeds: Int
    /// What the theory is known to leave out for this design, as the part of a sentence; `nil` where it holds.
    public var reservation: String?

    public init(
        units: [PredictedUnit], pathLengths: PathLengthDistribution, meanSquaredSingularValueLog10: Double?,
        seeds: Int
    ) {
        self.units = units
        self.pathLengths = pathLengths
        self.meanSquaredSingularValueLog10 = meanSquaredSingularValueLog10
        self.seeds = seeds
    }
}

/// What is expected at x_l. Norms are relative to ‖g_L‖; a logarithm is `nil` where the quantity is 0.
public struct PredictedUnit: Sendable, Equatable {
    /// l, counted from 0.
    public var unit: Int
    /// Channels of x_l.
    public var channels: Int
    /// log10 of √(mean of x_l²), of the mean over channels of the squared channel mean, and of the channel
    /// variance: logarithms, because a 1×1-convolution shortcut leaves the range of numbers.
    public var forwardRMSLog10: Double?
    public var channelMeanSquareLog10: Double?
    public var channelVarianceLog10: Double?
    /// log10 ‖g_l‖/‖g_L‖, ‖d_l‖/‖g_L‖ and ‖w_l‖/‖g_L‖.
    public var gradientLog10: Double?
    public var directLog10: Double?
    public var throughWeightsLog10: Double?
    /// Standard deviation, in decades, of the median over seeds (of one seed where there is one), from the widths
    /// of the layers.
    public var forwardDeviation: Double
    public var gradientDeviation: Double
    public var directDeviation: Double

    public init(unit: Int, channels: Int) {
        self.unit = unit
        self.channels = channels
        forwardDeviation = 0
        gradientDeviation = 0
        directDeviation = 0
    }

    var isFinite: Bool {
        [
            forwardRMSLog10, channelMeanSquareLog10, channelVarianceLog10, gradientLog10, directLog10,
            throughWeightsLog10, forwardDeviation, gradientDeviation, directDeviation,
        ].allSatisfy { $0?.isFinite ?? true }
    }

    /// As numbers; infinite where they leave the range.
    public var forwardRMS: Double? { forwardRMSLog10.map { pow(10, $0) } }
    public var channelMeanSquare: Double? { channelMeanSquareLog10.map { pow(10, $0) } }
    public var channelVariance: Double? { channelVarianceLog10.map { pow(10, $0) } }
}
