import Kernels
import ResidualNetworks

/// The exponential average of batch statistics that inference uses in their place.
public struct RunningAverage: Sendable, Codable, Equatable {
    public enum Variance: String, Sendable, Codable, CaseIterable {
        /// The batch's own, Σ(x − μ)²/n.
        case biased
        /// Torch's estimate of the population's, Σ(x − μ)²/(n − 1).
        case unbiased
    }

    /// The weight of the new batch.
    public var weight: Double
    public var variance: Variance

    public init(weight: Double = 0.1, variance: Variance = .biased) {
        self.weight = weight
        self.variance = variance
    }

    /// Before the first batch: mean 0 and variance 1.
    static func start(channels: Int) -> ChannelStatistics {
        ChannelStatistics(
            mean: Array(repeating: 0, count: channels), variance: Array(repeating: 1, count: channels))
    }

    /// Takes in the statistics of one step, the mean over its replicas.
    func update(_ running: inout RunningStatistics, with replicas: [RunningStatistics]) {
        guard let names = replicas.first?.keys else { return }
        for name in names {
            let batches = replicas.compactMap { $0[name] }
            guard let channels = batches.first?.mean.count else { continue }
            let n = Double(batches[0].elements)
            let correction = variance == .unbiased && n > 1 ? n / (n - 1) : 1
            var average = running[name] ?? Self.start(channels: channels)
            let share = weight / Double(batches.count)
            for channel in 0..<channels {
                let mean = batches.reduce(0) { $0 + $1.mean[channel] }
                let variance = correction * batches.reduce(0) { $0 + $1.variance[channel] }
                average.mean[channel] = (1 - weight) * average.mean[channel] + share * mean
                average.variance[channel] = (1 - weight) * average.variance[channel] + share * variance
            }
            running[name] = average
        }
    }
}
