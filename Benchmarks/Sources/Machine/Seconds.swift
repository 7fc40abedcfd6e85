/// Durations of one thing over several repetitions.
package struct Seconds {
    private var samples: [Double] = []

    package init() {}

    /// Runs something and remembers how long it took.
    package mutating func time<Result>(_ body: () throws -> Result) rethrows -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try body()
        let duration = start.duration(to: clock.now).components
        samples.append(Double(duration.seconds) + 1e-18 * Double(duration.attoseconds))
        return result
    }

    /// Repetition by repetition.
    package static func + (a: Seconds, b: Seconds) -> Seconds {
        var sum = Seconds()
        sum.samples = zip(a.samples, b.samples).map { $0 + $1 }
        return sum
    }

    /// The median over repetitions of a repetition's ratio: what slows both down at once does not count.
    package static func medianRatio(_ a: Seconds, to b: Seconds) -> Double? {
        median(zip(a.samples, b.samples).map { $0 / $1 })
    }

    package var median: Double? { Self.median(samples) }
    package var minimum: Double? { samples.min() }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
