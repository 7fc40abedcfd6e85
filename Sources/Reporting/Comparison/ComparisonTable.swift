import Analysis

/// The one table of a comparison: a line a network.
enum ComparisonTable {
    /// Quantities that people are shown, in this order; the other files hold all.
    static let shown = [
        "shortcut_decades", "direct_log10_per_unit", "gradient_log10_per_unit", "direct_log10",
        "gradient_log10", "cosine",
        "loss",
    ].compactMap(SummaryQuantity.named)

    /// RFC 4180: rank, name, the options that differ, then every quantity with its quartiles.
    static func csv(_ comparison: Comparison) -> String {
        let differences = comparison.differences
        let parts = SeedTable.bandFields
        let heading =
            ["rank", "network"] + differences + [
                "units", "parameters", "shortcut_path", "carrier", "checks_hold", "theory",
            ]
            + SummaryQuantity.all.flatMap { quantity in parts.map { "\(quantity.name)_\($0.name)" } }
        let lines = comparison.networks.enumerated().map { rank, network in
            let statistics = network.statistics
            let numbers = SummaryQuantity.all.flatMap { quantity in
                parts.map { $0.value(statistics.band(quantity.value)).csvCell }
            }
            return [String(rank + 1), network.name.quotedForCSV]
                + differences.map { (network.configuration[$0] ?? "").quotedForCSV }
                + [
                    String(statistics.network.units), String(statistics.network.parameters),
                    SeedSummary(statistics: statistics).shortcutPathWords.quotedForCSV,
                    SeedSummary(statistics: statistics).carrier?.rawValue ?? "",
                    String(statistics.allChecksHold),
                    (SeedTheory.summary(statistics) ?? "").quotedForCSV,
                ] + numbers
        }
        return ([heading] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    /// The columns for people: headings, cells, and whether they are numbers.
    ///
    /// - Parameter quartiles: whether they stand beside the medians.
    static func columns(
        _ comparison: Comparison, minus: String, quartiles: Bool = true
    ) -> [TextTable.Column] {
        let networks = comparison.networks
        func column(_ heading: String, isNumber: Bool, _ cell: (Comparison.Network) -> String?)
            -> TextTable.Column
        {
            TextTable.Column(heading: heading, cells: networks.map(cell), isNumber: isNumber)
        }
        let places = TextTable.Column(
            heading: "rank", cells: networks.indices.map { String($0 + 1) }, isNumber: true)
        return [
            places, column("network", isNumber: false, \.name),
            column("shortcut path", isNumber: false) {
                SeedSummary(statistics: $0.statistics).shortcutPathWords
            },
        ]
            + shown.map { quantity in
                column(quantity.heading, isNumber: true) {
                    let band = $0.statistics.band(quantity.value)
                    return quartiles
                        ? band.text(quantity.style, minus: minus)
                        : band.median.map { quantity.style.text($0, minus: minus) }
                }
            } + [
                column("carried by", isNumber: false) { network in
                    SeedSummary(statistics: network.statistics).carrier.map(Summary.carrier)
                        ?? "differs by seed"
                },
                column("units", isNumber: true) { Quantity.grouped($0.statistics.network.units) },
                column("parameters", isNumber: true) { Quantity.grouped($0.statistics.network.parameters) },
                column("checks", isNumber: false) {
                    Summary.checksHeld($0.statistics.checks.map(\.worst))
                },
            ]
            + [column("beside theory", isNumber: false) { SeedTheory.summary($0.statistics) }]
            .filter { $0.cells.contains { $0 != nil } }
    }

    /// What becomes of the direct term, network by network, in one sentence.
    static func sentence(_ comparison: Comparison) -> String {
        comparison.networks.map { ShortcutPathPhrase($0.statistics).clause(of: $0.name) }
            .joined(separator: "; ") + "."
    }

    /// What must not be overlooked, network by network.
    static func alerts(_ comparison: Comparison) -> [String] {
        comparison.networks.flatMap { network in
            SeedSummary(statistics: network.statistics).alerts.map { "\(network.name): \($0)" }
        }
    }
}
