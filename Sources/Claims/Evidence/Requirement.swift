/// What a measured number must be for a claim to hold.
public enum Requirement: Sendable, Equatable {
    case atMost(Double)
    case atLeast(Double)
    case near(Double, within: Double)

    /// Whether a number is so; never for NaN.
    public func holds(for value: Double) -> Bool {
        switch self {
        case .atMost(let bound): value <= bound
        case .atLeast(let bound): value >= bound
        case .near(let expected, let tolerance): abs(value - expected) <= tolerance
        }
    }
}
