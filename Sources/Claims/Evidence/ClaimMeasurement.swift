/// One number on which a claim stands or falls, or one that is only told.
public struct ClaimMeasurement: Sendable, Equatable {
    /// What was measured, with its unit.
    public let quantity: String
    public let value: Double
    /// What it must be; `nil` where it is told for comparison and decides nothing.
    public let requirement: Requirement?
    /// Why this bound, or what the number says; one sentence without a full stop.
    public let reason: String

    public init(_ quantity: String, _ value: Double, _ requirement: Requirement?, because reason: String) {
        self.quantity = quantity
        self.value = value
        self.requirement = requirement
        self.reason = reason
    }

    /// A number that decides nothing.
    public static func told(_ quantity: String, _ value: Double, _ meaning: String) -> ClaimMeasurement {
        ClaimMeasurement(quantity, value, nil, because: meaning)
    }

    /// Whether it is as required; `nil` where nothing is.
    public var holds: Bool? { requirement?.holds(for: value) }
}
