import NumericalMethods

/// Median and quartiles of one quantity over seeds (type 7 of Hyndman and Fan 1996).
public struct QuartileBand: Sendable, Equatable {
    /// Seeds that have a value.
    public let count: Int
    /// All three are `nil` where fewer than `required(of:)` seeds have a value: the quartiles of the few that
    /// have one would pass for those of all.
    public let median: Double?
    public let lowerQuartile: Double?
    public let upperQuartile: Double?

    /// - Parameter values: one for each seed, `nil` where it has none.
    public init(_ values: [Double?]) {
        let present = values.compactMap(\.self).filter(\.isFinite)
        count = present.count
        let quantiles = present.count >= Self.required(of: values.count) ? try? Quantiles(of: present) : nil
        median = quantiles?.median
        lowerQuartile = quantiles?.lowerQuartile
        upperQuartile = quantiles?.upperQuartile
    }

    /// More than half of the seeds.
    public static func required(of seeds: Int) -> Int { seeds / 2 + 1 }

    /// `median [lower, upper]`; the median alone where the quartiles read the same; `nil` for null.
    func text(_ style: NumberStyle, minus: String) -> String? {
        guard let median, let lowerQuartile, let upperQuartile else { return nil }
        let (middle, low, high) = (
            style.text(median, minus: minus), style.text(lowerQuartile, minus: minus),
            style.text(upperQuartile, minus: minus)
        )
        return low == middle && high == middle ? middle : "\(middle) [\(low), \(high)]"
    }
}
