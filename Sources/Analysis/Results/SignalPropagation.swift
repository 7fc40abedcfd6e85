/// The three statistics of Brock, De and Smith (2021), "Characterizing signal propagation to close the performance
/// gap in unnormalized ResNets", section 3. Channel means and variances are over batch and space.
public struct SignalPropagation: Sendable, Equatable {
    /// l: the first two are those of x_l, the output of unit l − 1; the third is that of the branch which reads x_l.
    public var unit: Int
    /// Average channel squared mean: the square of a channel's mean, averaged over channels.
    public var averageChannelSquaredMean: Double?
    /// Average channel variance: a channel's variance, averaged over channels.
    public var averageChannelVariance: Double?
    /// Residual average variance: the average channel variance of F̂(x_l) at the end of the branch, as it is added
    /// (μ included). `nil` for row L.
    public var residualAverageVariance: Double?

    public init(unit: Int) { self.unit = unit }

    static func scalars(_ rows: [SignalPropagation]?) -> [NamedScalar] {
        guard let rows else { return [] }
        return [
            NamedScalar(
                "average_channel_squared_mean_max", rows.compactMap(\.averageChannelSquaredMean).max()),
            NamedScalar("average_channel_variance_max", rows.compactMap(\.averageChannelVariance).max()),
            NamedScalar(
                "residual_average_variance_last",
                rows.last { $0.residualAverageVariance != nil }?.residualAverageVariance),
        ]
    }
}
