/// What theory expects to be measured at x_l, on the scale of the measurement, with standard deviations over seeds.
public struct PredictedMeasurement: Sendable, Equatable {
    /// √(mean of x_l²).
    public var forwardRMS: Double?
    /// log10 ‖∂E/∂x_l‖ and of its two terms, given the measured ‖g_L‖.
    public var gradientLog10: Double?
    public var directLog10: Double?
    public var throughWeightsLog10: Double?
    /// In decades: of the forward RMS, of the total and of the direct term.
    public var forwardDeviation: Double
    public var gradientDeviation: Double
    public var directDeviation: Double

    public init(forwardDeviation: Double = 0, gradientDeviation: Double = 0, directDeviation: Double = 0) {
        self.forwardDeviation = forwardDeviation
        self.gradientDeviation = gradientDeviation
        self.directDeviation = directDeviation
    }
}
