/// What was measured of one quantity, held against what theory expects of this very configuration.
public struct QuantityVerdict: Sendable, Equatable {
    public enum Outcome: String, Sendable, Equatable, CaseIterable {
        case agrees
        /// Wherever there are both a measurement and a prediction, but some rows have only one of them.
        case agreesInPart = "agrees in part"
        case departs
        case cannotSay = "cannot say"
    }

    /// Beyond this many standard errors of the prediction, chance is no explanation: one in 370 for a normal law.
    public static let allowedStandardErrors = 3.0

    /// The name of its column, such as `direct_log10`.
    public var quantity: String
    public var outcome: Outcome
    /// l of the first departure on the quantity's way (up for the signal, down for gradients); where it agrees, of
    /// the largest.
    public var unit: Int?
    /// Measured less predicted there, in decades.
    public var departure: Double?
    /// The decades that the model leaves open there, and the standard error of its prediction over seeds.
    public var modelAllowance: Double?
    public var standardError: Double?
    /// Rows with both a measurement and a prediction, and rows with either.
    public var comparedRows: Int
    public var rows: Int
    /// Why it cannot be said.
    public var reason: String?

    public init(
        quantity: String, outcome: Outcome, unit: Int? = nil, departure: Double? = nil,
        modelAllowance: Double? = nil, standardError: Double? = nil, comparedRows: Int = 0, rows: Int = 0,
        reason: String? = nil
    ) {
        self.quantity = quantity
        self.outcome = outcome
        self.unit = unit
        self.departure = departure
        self.modelAllowance = modelAllowance
        self.standardError = standardError
        self.comparedRows = comparedRows
        self.rows = rows
        self.reason = reason
    }

    /// The decades that would still have been agreement there.
    public var allowance: Double? {
        guard let modelAllowance, let standardError else { return nil }
        return modelAllowance + Self.allowedStandardErrors * standardError
    }

    /// The departure in standard errors of the prediction; `nil` where it has none. No measure of agreement: the
    /// model's own part of the allowance is not in it.
    public var standardErrors: Double? {
        guard let departure, let standardError, standardError > 0 else { return nil }
        return abs(departure) / standardError
    }
}
