import ArgumentParser
import Prediction

/// The moments of x_0 as they are typed: `0.5,0.16` or `0.5,0.16,0.2`.
struct StatedMoments: ExpressibleByArgument, CustomStringConvertible {
    let statistics: InputStatistics
    let description: String

    /// `nil` where a number is missing or impossible: 0 ≤ m ≤ q, q > 0, 0 ≤ r ≤ 1.
    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0) }
        guard numbers.count == parts.count, (2...3).contains(parts.count), numbers.allSatisfy(\.isFinite),
            numbers[0] > 0, (0...numbers[0]).contains(numbers[1]),
            (0...1).contains(numbers.count > 2 ? numbers[2] : 0)
        else { return nil }
        description = argument
        statistics = InputStatistics(
            meanSquare: numbers[0], channelMeanSquare: numbers[1],
            correlation: numbers.count > 2 ? numbers[2] : 0)
    }
}
