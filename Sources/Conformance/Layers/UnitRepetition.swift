/// Consecutive units that are alike, or of which several recur in turn as attention and feed-forward units do.
public struct UnitRepetition: Sendable, Equatable {
    /// l of the first.
    public let first: Int
    /// Units that recur together.
    public let period: Int
    /// How often they stand there: once where nothing repeats.
    public let times: Int

    public var last: Int { first + period * times - 1 }

    /// Longer periods are not looked for.
    private static let longestPeriod = 8

    /// All units in their order, as runs that are as long as can be.
    public static func all(of count: Int, areAlike: (Int, Int) -> Bool) -> [UnitRepetition] {
        var (runs, start) = ([UnitRepetition](), 0)
        while start < count {
            var best = UnitRepetition(first: start, period: 1, times: 1)
            for period in 1...max(1, min(longestPeriod, (count - start) / 2)) {
                var end = start + period
                while end < count, areAlike(end - period, end) { end += 1 }
                let times = (end - start) / period
                if times > 1, period * times > best.period * best.times {
                    best = UnitRepetition(first: start, period: period, times: times)
                }
            }
            runs.append(best)
            start = best.last + 1
        }
        return runs
    }
}
