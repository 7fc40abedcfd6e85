import Analysis

/// Several networks measured alike, in the order of a ranking.
public struct Comparison: Sendable {
    /// One network under the name it was asked for by.
    public struct Network: Sendable {
        public let name: String
        public let statistics: SeedStatistics
        /// Every option of its run, by name.
        public let configuration: [String: String]

        public init(name: String, statistics: SeedStatistics, configuration: [String: String]) {
            self.name = name
            self.statistics = statistics
            self.configuration = configuration
        }
    }

    public let networks: [Network]
    public let ranking: Ranking
    /// Of the whole comparison; its configuration is what all networks share.
    public let manifest: RunManifest

    public init(_ networks: [Network], ranking: Ranking, manifest: RunManifest) {
        self.networks = ranking.ranked(networks)
        self.ranking = ranking
        self.manifest = manifest
    }

    public var allChecksHold: Bool { networks.allSatisfy(\.statistics.allChecksHold) }
    public var isComplete: Bool { networks.allSatisfy(\.statistics.isComplete) }

    /// Options that the networks differ in.
    var differences: [String] {
        let names = Set(networks.flatMap { $0.configuration.keys })
        return names.filter { name in Set(networks.map { $0.configuration[name] }).count > 1 }.sorted()
    }

    /// All networks have as many units, so that their x_l can be laid over each other.
    var hasOneDepth: Bool { Set(networks.map(\.statistics.rows.count)).count == 1 }
}
