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
        guard let first = replicas.first else { return }
        for (name, statistics) in first {
            let batches = replicas.compactMap { $0[name] }
            // In the dictionary's own memory.
            add(batches, to: &running[name, default: Self.start(channels: statistics.mean.count)])
        }
    }

    private func add(_ batches: [ChannelStatistics], to average: inout ChannelStatistics) {
        let n = Double(batches[0].elements)
        let correction = variance == .unbiased && n > 1 ? n / (n - 1) : 1
        let (kept, share) = (1 - weight, weight / Double(batches.count))
        for channel in average.mean.indices {
            var (mean, variance) = (0.0, 0.0)
            for batch in batches {
                mean += batch.mean[channel]
                variance += batch.variance[channel]
            }
            average.mean[channel] = kept * average.mean[channel] + share * mean
            average.variance[channel] = kept * average.variance[channel] + share * (correction * variance)
        }
    }
}
