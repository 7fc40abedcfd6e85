/// The outcome of one checked identity over all rows it applies to.
public struct IdentityCheck: Sendable, Equatable {
    /// Machine name: `sum`, `probe_direct`, `probe_total`, `probe_through_weights`, `probe_loss`,
    /// `forward_identity`, `finite`, `derivatives`.
    public var name: String
    /// The identity in words and symbols, with its equation number.
    public var statement: String
    /// The error that is largest for its bound, and the unit where; `nil` when nothing could be evaluated.
    public var worstError: Double?
    public var worstUnit: Int?
    /// The bound that this error is held against, and why that one.
    public var tolerance: Double
    public var toleranceReason: String
    /// `nil` when the identity does not apply to this network, or when rounding hides the answer.
    public var passed: Bool?
    /// A sentence of a check that failed; `nil` for any other.
    public var failure: String? {
        guard passed == false else { return nil }
        guard findings.isEmpty else { return findings.joined(separator: " ") }
        guard let worstError else { return "The check \(name) fails." }
        let place = worstUnit.map { " at x_\($0)" } ?? ""
        return "The check \(name) fails: its error is \(worstError)\(place), and \(tolerance) is allowed."
    }
    /// Why there was nothing to evaluate; `nil` where there was.
    public var inapplicability: String?
    /// What is wrong, a sentence each, where the check can say it better than by its error.
    public var findings: [String] = []

    public init(
        name: String, statement: String, worstError: Double?, worstUnit: Int?, tolerance: Double,
        toleranceReason: String, passed: Bool?
    ) {
        self.name = name
        self.statement = statement
        self.worstError = worstError
        self.worstUnit = worstUnit
        self.tolerance = tolerance
        self.toleranceReason = toleranceReason
        self.passed = passed
    }
}
