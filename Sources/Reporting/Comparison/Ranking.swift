/// What networks are put in order by.
public enum Ranking: String, Sendable, CaseIterable {
    /// How little the direct term changes per unit.
    case direct
    /// How little the whole gradient changes per unit.
    case total

    public var sentence: String {
        switch self {
        case .direct:
            "Ranked by how little the direct term changes per unit, |decades per unit|: first the network whose "
                + "shortcuts leave the gradient most as it is, last one whose direct term becomes exactly 0. Ties go by the "
                + "whole gradient."
        case .total:
            "Ranked by how little the whole gradient changes per unit, |decades per unit|: first the network "
                + "whose gradient norm is most even over depth. Ties go by the direct term."
        }
    }

    var quantity: String {
        switch self {
        case .direct: "direct_log10_per_unit"
        case .total: "gradient_log10_per_unit"
        }
    }

    /// The quantity that decides, |median over the seeds|; `nil` where it could not be measured.
    func score(_ statistics: SeedStatistics) -> Double? {
        // A direct term that becomes exactly 0 has lost everything, whatever the slope above that unit.
        if self == .direct, statistics.results.contains(where: { $0.directVanishesAtUnit != nil }) {
            return nil
        }
        return SummaryQuantity.named(quantity).flatMap { statistics.band($0.value).median }.map(abs)
    }

    /// Least score first, what has none last; equal scores by the other part, then as they were named.
    func ranked(_ networks: [Comparison.Network]) -> [Comparison.Network] {
        let other: Ranking = self == .direct ? .total : .direct
        return networks.enumerated().sorted { first, second in
            let keys = [first, second].map { [self, other].map($0.element.statistics.printedScore) }
            return (keys[0][0], keys[0][1], first.offset) < (keys[1][0], keys[1][1], second.offset)
        }.map(\.element)
    }
}

extension SeedStatistics {
    /// The score to the digits that are printed: smaller differences are rounding, and decide nothing.
    fileprivate func printedScore(_ ranking: Ranking) -> Double {
        ranking.score(self).map { ($0 * 1e4).rounded() } ?? .infinity
    }
}
