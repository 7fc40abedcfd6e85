import Foundation

/// How far rounding errors travel: decimal digits of every x_l that are the network's and not the rounding's.
///
/// A forward pass is a map whose errors travel with its tangents. With t pushed up from noise at x_0,
///
///     S_l = (‖t_l‖/‖x_l‖) / (‖t_0‖/‖x_0‖),    digits left at x_l = −log10(ε · √(S_l² + κ² Σ_{1≤i≤l} (S_l/S_i)²))
///
/// where ε is the unit roundoff: errors enter at every unit, grow from there, and add up like a random walk. Rounding to
/// nearest errs by ε at most, and by κε in root mean square, κ² = 1/(8 ln 2), over numbers that are evenly spread in
/// their logarithm. Below one digit, values at x_l cannot be
/// compared between implementations, machines or precisions; nor can any gradient, which depends on the whole forward
/// pass. Repeating a run bit for bit is no contradiction.
public struct RoundingGrowth: Sendable, Equatable {
    /// By l; negative where errors would have outgrown the values. `nil` where t_l or x_l has no size.
    public let digitsLeft: [Double?]

    /// κ²: a third of the mean of 1/m² over mantissas m.
    static let meanSquareRounding = 0.125 / log(2)

    /// Fewer digits than this are no basis for a comparison.
    public static let fewestDigits = 1.0

    /// - Parameters:
    ///   - tangentLog10: log10 ‖t_l‖, l = 0 … L.
    ///   - signalLog10: log10 ‖x_l‖.
    ///   - unitRoundoff: ε, half the distance from 1 to the next number.
    public init(tangentLog10: [Double?], signalLog10: [Double?], unitRoundoff: Double) {
        // The sum over 1/S_i² relative to the largest term so far, whose logarithm is beside it.
        var (sum, largest) = (0.0, -Double.infinity)
        digitsLeft = zip(tangentLog10, signalLog10).enumerated().map { l, norms in
            guard let tangent = norms.0, let signal = norms.1 else { return nil }
            let growth = tangent - signal
            let term = -2 * growth + (l == 0 ? 0 : log10(Self.meanSquareRounding))
            if term > largest { (sum, largest) = (sum * pow(10, largest - term), term) }
            sum += pow(10, term - largest)
            return -log10(unitRoundoff) - (growth + 0.5 * (largest + log10(sum)))
        }
    }

    /// The first l with less than one digit left; `nil` if there is none.
    public var horizon: Int? { digitsLeft.firstIndex { $0.map { $0 < Self.fewestDigits } ?? false } }
}
