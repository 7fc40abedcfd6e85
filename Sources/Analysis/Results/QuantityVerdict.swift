/// What was measured of one quantity, held against what theory expects of this very configuration.
public struct QuantityVerdict: Sendable, Equatable {
    public enum Outcome: String, Sendable, Equatable, CaseIterable {
        case agrees
        case departs
        case cannotSay = "cannot say"
    }

    /// The name of its column, such as `direct_log10`.
    public var quantity: String
    public var outcome: Outcome
    /// l of the first departure on the quantity's way (up for the signal, down for gradients); where it agrees, of
    /// the largest.
    public var unit: Int?
    /// Measured less predicted there, in decades.
    public var departure: Double?
    /// The same in standard errors of the prediction; `nil` where it has none.
    public var standardErrors: Double?
    /// The decades that would still have been agreement there.
    public var allowance: Double?
    /// Why it cannot be said.
    public var reason: String?

    public init(
        quantity: String, outcome: Outcome, unit: Int? = nil, departure: Double? = nil,
        standardErrors: Double? = nil, allowance: Double? = nil, reason: String? = nil
    ) {
        self.quantity = quantity
        self.outcome = outcome
        self.unit = unit
        self.departure = departure
        self.standardErrors = standardErrors
        self.allowance = allowance
        self.reason = reason
    }
}
