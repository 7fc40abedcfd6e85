/// A norm against the number n of units travelled, n ≥ 1, as an exponential and as a power law:
/// log10 norm = a + b·n and log10 norm = a + b·log10 n.
///
/// Both laws have two numbers to choose, so the one with the smaller sum of squared residuals is the better one.
public struct DepthFit: Sendable, Equatable {
    public enum Law: String, Sendable, Equatable, CaseIterable {
        case exponential
        case power = "power_law"
    }

    /// What is fitted: `gradient`, `direct` or `forward_rms`.
    public var quantity: String
    /// The stage whose rows were fitted, counted from where the signal enters it; `nil` for the whole network.
    public var stage: Int?
    /// Rows.
    public var count: Int
    /// b of the exponential, in decades a unit.
    public var exponentialSlope: Double
    public var exponentialSlopeStandardError: Double
    public var exponentialResidualSquares: Double
    /// b of the power law, the exponent.
    public var powerSlope: Double
    public var powerSlopeStandardError: Double
    public var powerResidualSquares: Double
    /// The law of smaller residuals; `nil` where both fit to rounding (a constant is either).
    public var better: Law?

    public init(
        quantity: String, stage: Int?, count: Int, exponentialSlope: Double,
        exponentialSlopeStandardError: Double, exponentialResidualSquares: Double, powerSlope: Double,
        powerSlopeStandardError: Double, powerResidualSquares: Double, better: Law?
    ) {
        self.quantity = quantity
        self.stage = stage
        self.count = count
        self.exponentialSlope = exponentialSlope
        self.exponentialSlopeStandardError = exponentialSlopeStandardError
        self.exponentialResidualSquares = exponentialResidualSquares
        self.powerSlope = powerSlope
        self.powerSlopeStandardError = powerSlopeStandardError
        self.powerResidualSquares = powerResidualSquares
        self.better = better
    }

    var scalars: [NamedScalar] {
        let place = stage.map { "stage\($0)_" } ?? ""
        return [
            NamedScalar("fit_\(place)\(quantity)_exponential_slope", exponentialSlope),
            NamedScalar("fit_\(place)\(quantity)_power_slope", powerSlope),
        ]
    }
}
