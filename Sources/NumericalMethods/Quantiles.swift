internal import CGSL

/// The order statistics of a sample: median, quartiles, and any other quantile.
///
/// Between two sorted values a quantile is interpolated linearly, at position
/// `fraction·(n−1)` (type 7 of Hyndman and Fan 1996; the default of R and NumPy).
public struct Quantiles: Equatable, Sendable {
    /// The sample in ascending order.
    public let sorted: [Double]

    /// Sorts a sample of at least one finite value.
    public init(of values: [Double]) throws(NumericalError) {
        let operation = "a quantile"
        guard !values.isEmpty else {
            throw .tooFewValues(operation: operation, needed: 1, found: 0)
        }
        try NumericalError.requireFinite(values, operation)
        sorted = values.sorted()
    }

    public var minimum: Double { self[clamped: 0] }
    public var lowerQuartile: Double { self[clamped: 0.25] }
    public var median: Double { self[clamped: 0.5] }
    public var upperQuartile: Double { self[clamped: 0.75] }
    public var maximum: Double { self[clamped: 1] }

    /// The value below which the share `fraction`, in `[0, 1]`, of the sample lies.
    public func quantile(_ fraction: Double) throws(NumericalError) -> Double {
        guard (0...1).contains(fraction) else {
            throw .invalidArgument(
                operation: "a quantile", requirement: "a fraction between 0 and 1, not \(fraction)")
        }
        return self[clamped: fraction]
    }

    private subscript(clamped fraction: Double) -> Double {
        gsl_stats_quantile_from_sorted_data(sorted, 1, sorted.count, fraction)
    }
}
