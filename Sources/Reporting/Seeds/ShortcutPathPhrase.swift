import Analysis

/// What became of the direct term over several seeds, as the predicate of a sentence: "keeps the direct term", "loses
/// 8.4 decades over 27 units", "cuts it at x_7".
struct ShortcutPathPhrase {
    private let statistics: SeedStatistics

    init(_ statistics: SeedStatistics) { self.statistics = statistics }

    /// With the shortcuts as the subject.
    var sentence: String { "The shortcuts \(predicate(isPlural: true))" }

    /// - Parameter name: the network's, the subject.
    func clause(of name: String) -> String { "\(name) \(predicate(isPlural: false))" }

    private func predicate(isPlural: Bool) -> String {
        let parts = [
            kept.map { isPlural ? $0.plural : $0.singular },
            cut.map { isPlural ? $0.plural : $0.singular },
        ].compactMap(\.self)
        guard !parts.isEmpty else { return isPlural ? "were not measured" : "was not measured" }
        return parts.joined(separator: ", and ")
    }

    private typealias Phrase = (singular: String, plural: String)

    /// Of the seeds whose direct term arrives, the median of the decades.
    private var kept: Phrase? {
        let decades = statistics.results.compactMap(\.verdict.shortcutDecades)
        guard let median = QuartileBand(decades).median else { return nil }
        // Half a unit of the last digit printed.
        guard abs(median) >= 0.005 else { return ("keeps the direct term", "keep the direct term") }
        let amount =
            "\(Summary.decades(abs(median), minus: "−")) decades over "
            + Quantity.counted(statistics.network.units, "unit")
        return median < 0
            ? ("loses \(amount)", "lose \(amount)") : ("adds \(amount)", "add \(amount)")
    }

    /// Of those whose direct term becomes exactly 0, where.
    private var cut: Phrase? {
        let units = statistics.results.compactMap(\.directVanishesAtUnit)
        guard let least = units.min(), let most = units.max() else { return nil }
        let place = least == most ? "x_\(least)" : "x_\(least) … x_\(most)"
        let seeds =
            units.count == statistics.seeds.count
            ? "" : " with \(units.count) of \(Quantity.counted(statistics.seeds.count, "seed"))"
        let object = kept == nil ? "the direct term" : "it"
        return ("cuts \(object) at \(place)\(seeds)", "cut \(object) at \(place)\(seeds)")
    }
}
