import Analysis
import RealModule

/// What the analysis measured before training, on the probe batch.
public struct InitialMeasurement: Sendable, Codable, Equatable {
    /// Slope of log10 ‖d_l‖ within the stages, in decades per unit travelled down; `nil` where the direct term is
    /// exactly 0 at x_0.
    public var directPerUnit: Double?
    /// log10 ‖g_0‖/‖g_L‖: the factor that the whole gradient grows by on its way down; `nil` where it has none.
    public var gradientRange: Double?
    /// log10 of the root mean square of x_L over that of x_0.
    public var forwardGrowth: Double?
    /// Decimal digits of x_L that single precision leaves; see `RoundingGrowth`. `nil` in runs stored before it was
    /// measured.
    public var digitsLeft: Double?
    /// Share of y_l < 0 of every unit, where f is ReLU.
    public var negativeShares: [Double?]

    public init(
        directPerUnit: Double?, gradientRange: Double?, forwardGrowth: Double?, digitsLeft: Double?,
        negativeShares: [Double?]
    ) {
        self.directPerUnit = directPerUnit
        self.gradientRange = gradientRange
        self.forwardGrowth = forwardGrowth
        self.digitsLeft = digitsLeft
        self.negativeShares = negativeShares
    }

    public init(_ result: AnalysisResult) {
        let (first, last) = (result.units.first, result.units.last)
        func difference(_ upper: Double?, _ lower: Double?) -> Double? {
            guard let upper, let lower, upper.isFinite, lower.isFinite else { return nil }
            return upper - lower
        }
        // Where stages are too short for a fit, the mean over all units.
        let whole = difference(first?.directLog10, last?.directLog10)
            .map { $0 / Double(max(1, result.network.units)) }
        directPerUnit = first?.directLog10 == nil ? nil : result.verdict.directLog10PerUnit ?? whole
        gradientRange = difference(first?.gradientLog10, last?.gradientLog10)
        forwardGrowth = difference(Self.log10(last?.forwardRMS), Self.log10(first?.forwardRMS))
        digitsLeft = result.digitsLeft
        negativeShares = result.negativeShares
    }

    private static func log10(_ value: Double?) -> Double? {
        value.flatMap { $0 > 0 && $0.isFinite ? Double.log10($0) : nil }
    }
}

extension AnalysisResult {
    /// Of every unit l = 0 … L − 1; empty where f is not ReLU.
    var negativeShares: [Double?] {
        let shares = units.dropLast().map(\.negativeShare)
        return shares.contains { $0 != nil } ? shares : []
    }
}
