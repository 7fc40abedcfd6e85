import NumericalMethods

/// The median of several seeds with the least and the greatest of them.
public struct MedianRange: Sendable, Codable, Equatable {
    public var median: Double
    public var least: Double
    public var greatest: Double

    /// `nil` of no values.
    public init?(_ values: [Double]) {
        guard let quantiles = try? Quantiles(of: values) else { return nil }
        median = quantiles.median
        least = quantiles.minimum
        greatest = quantiles.maximum
    }

    public func overlaps(_ other: MedianRange) -> Bool { least <= other.greatest && other.least <= greatest }
}
