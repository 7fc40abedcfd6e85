/// Whether the two terms of Eqn. 5 cancel at x_l, sample by sample: for the gradient to vanish through Eqn. 5 the
/// weights' term would have to be −1 times the direct one for all samples of a batch.
public struct Cancellation: Sendable, Equatable {
    /// Gradients shorter than this part of the direct term count as cancelled.
    public static let threshold = 0.1

    /// l.
    public var unit: Int
    /// Share of the samples n with ‖g_l[n]‖ < 0.1 ‖d_l[n]‖; `nil` where every d_l[n] is 0.
    public var cancelledShare: Double?
    /// Order statistics over the samples of cos(d_l[n], w_l[n]); `nil` where none has both.
    public var cosineMinimum: Double?
    public var cosineLowerQuartile: Double?
    public var cosineMedian: Double?
    public var cosineUpperQuartile: Double?
    public var cosineMaximum: Double?

    public init(unit: Int) { self.unit = unit }

    static func scalars(_ rows: [Cancellation]?) -> [NamedScalar] {
        guard let rows else { return [] }
        return [
            NamedScalar("cancelled_share_max", rows.compactMap(\.cancelledShare).max()),
            NamedScalar("cancellation_cosine_min", rows.compactMap(\.cosineMinimum).min()),
        ]
    }
}
