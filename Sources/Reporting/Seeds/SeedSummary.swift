import Analysis

/// The sentences and rows that all forms of a report of several seeds share.
struct SeedSummary {
    let statistics: SeedStatistics

    /// "5 seeds, 0 … 4"
    func seeds(range: String = " … ") -> String {
        let seeds = statistics.seeds
        let count = Quantity.counted(seeds.count, "seed")
        guard let first = seeds.first, let last = seeds.last, seeds.count > 1 else { return count }
        return "\(count), \(first)\(range)\(last)"
    }

    /// Seeds by what their shortcut path delivers, most first; `nil` where it was not measured.
    var shortcutPaths: [(path: ShortcutPath?, count: Int)] {
        Dictionary(grouping: statistics.results, by: \.verdict.shortcutPath)
            .map { (path: $0.key, count: $0.value.count) }
            .sorted { ($0.count, $1.path?.rawValue ?? "") > ($1.count, $0.path?.rawValue ?? "") }
    }

    /// "intact" where all seeds agree, "vanished 3, dead 2" where they do not.
    var shortcutPathWords: String {
        let found = shortcutPaths
        return found.map { path, count in
            (path?.rawValue ?? "not measured") + (found.count == 1 ? "" : " \(count)")
        }.joined(separator: ", ")
    }

    /// "Shortcut path: intact with 5 of 5 seeds"
    var headline: String {
        let all = statistics.seeds.count
        let found = shortcutPaths.enumerated().map { index, found in
            "\(found.path?.rawValue ?? "not measured") with \(found.count)"
                + (index == 0 ? " of \(Quantity.counted(all, "seed"))" : "")
        }
        return "Shortcut path: " + found.joined(separator: ", ")
    }

    /// The gravest of any seed; `nil` where no seed has one.
    var concern: Verdict.Concern? {
        let found = Set(statistics.results.compactMap(\.verdict.concern))
        return Verdict.Concern.allCases.last { found.contains($0) }
    }

    /// What the shortcuts deliver and which path carries the gradient, with how many seeds, and what the medians say.
    var sentences: [String] {
        let minus = "−"
        let carriers = Dictionary(grouping: statistics.results, by: \.verdict.carrier)
            .map { (carrier: $0.key, count: $0.value.count) }
            .sorted { ($0.count, $1.carrier.rawValue) > ($1.count, $0.carrier.rawValue) }
        let all = Quantity.counted(statistics.seeds.count, "seed")
        let carried = carriers.enumerated().map { index, found in
            "by \(Summary.carrier(found.carrier)) with \(found.count)" + (index == 0 ? " of \(all)" : "")
        }
        func slope(_ name: String) -> String? {
            SummaryQuantity.named(name).flatMap { quantity in
                statistics.band(quantity.value).text(quantity.style, minus: minus)
            }
        }
        let slopes = [
            slope("direct_log10_per_unit").map { "the direct term \($0)" },
            slope("gradient_log10_per_unit").map { "the whole gradient \($0)" },
        ].compactMap(\.self)
        return [
            "\(ShortcutPathPhrase(statistics).sentence).",
            "The gradient at x_0 is carried \(carried.joined(separator: ", ")).",
        ]
            + (slopes.isEmpty
                ? []
                : [
                    "Decades per unit travelled down, within the stages, median [quartiles]: \(slopes.joined(separator: "; "))."
                ])
    }

    /// The path that carries the gradient with every seed; `nil` where seeds differ.
    var carrier: Verdict.Carrier? {
        let carriers = Set(statistics.results.map(\.verdict.carrier))
        return carriers.count == 1 ? carriers.first : nil
    }

    /// What must not be overlooked.
    var alerts: [String] {
        let failed = statistics.checks.filter { $0.worst.passed == false }
        let overflowed = statistics.results.filter { $0.firstNonFiniteUnit != nil }.count
        let all = statistics.seeds.count
        func with(_ count: Int) -> String { all == 1 ? "" : " with \(count) of \(all) seeds" }
        return [
            overflowed == 0
                ? nil : "The forward pass left the range of its number type\(with(overflowed)).",
            failed.isEmpty
                ? nil
                : "Failed checks: "
                    + failed.map { "\($0.worst.name) (seed \($0.seed))" }.joined(separator: ", ")
                    + ".",
        ].compactMap(\.self)
    }

    /// Quantities of the whole network, as a name, median and quartiles.
    func quantities(minus: String) -> [(name: String, value: String)] {
        let names = [
            "shortcut_decades", "direct_log10_per_unit", "gradient_log10_per_unit", "gradient_log10",
            "direct_log10",
            "through_weights_log10", "cosine", "loss",
        ]
        return names.compactMap(SummaryQuantity.named).map { quantity in
            (quantity.name, statistics.band(quantity.value).text(quantity.style, minus: minus) ?? "–")
        }
    }

    /// The columns of these names that hold anything, as text for the given rows.
    func columns(_ names: [String], rows: [Int], minus: String) -> [(heading: String, cells: [String?])] {
        names.compactMap { name in UnitTable.columns.first { $0.name == name } }.map { column in
            let cells = rows.map { statistics.rows[$0] }.map { row in
                column.isPlace
                    ? column.text(row.place, minus: minus)
                    : row.bands[column.name]?.text(column.style, minus: minus)
            }
            return (heading: column.heading, cells: cells)
        }
        .filter { column in column.cells.contains { $0 != nil } }
    }
}
