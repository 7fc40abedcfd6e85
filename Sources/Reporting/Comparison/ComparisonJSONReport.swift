import Analysis

/// The comparison as JSON.
public enum ComparisonJSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "comparison-1.0"

    static func text(_ comparison: Comparison) -> String { fields.object(of: comparison).text }

    private struct Place: Sendable {
        let rank: Int
        let network: Comparison.Network
        let ranking: Ranking
    }

    static let fields: [ReportField<Comparison>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object(
            "manifest", "The run; its configuration is what all networks share.", JSONReport.manifestFields
        ) { $0.manifest },
        .word("ranked_by", "What the networks are put in order by.", of: Ranking.allCases.map(\.rawValue)) {
            $0.ranking.rawValue
        },
        .string("sentence", "What becomes of the direct term, network by network.") {
            ComparisonTable.sentence($0)
        },
        .string("ranking", "The order in words.") { $0.ranking.sentence },
        .rows("networks", "First the best placed.", networkFields) { comparison in
            comparison.networks.enumerated().map {
                Place(rank: $0 + 1, network: $1, ranking: comparison.ranking)
            }
        },
    ]

    private static var networkFields: [ReportField<Place>] {
        [
            .integer("rank", "Place in the ranking, from 1.") { $0.rank },
            .string("name", "The word or file that it was asked for by.") { $0.network.name },
            .number("score", "What it was ranked by; null where that could not be measured.") {
                $0.ranking.score($0.network.statistics)
            },
            .stringsByName("configuration", "Every option of its run.") { $0.network.configuration },
            .object("network", "What was built.", JSONReport.networkFields) { $0.network.statistics.network },
            .integersByName(
                "shortcut_paths",
                "Seeds by what their shortcut path delivers; not_measured where it was not measured."
            ) { SeedJSONReport.shortcutPaths($0.network.statistics) },
            .boolean("checks_hold", "All identities that apply hold with every seed.") {
                $0.network.statistics.allChecksHold
            },
            .rows("theory", "Each quantity held against theory.", SeedJSONReport.theoryFields) {
                SeedTheory.all($0.network.statistics)
            },
            .object("quantities", "Numbers of the whole network.", quantityFields) { $0.network.statistics },
            .rows("units", "One row per x_l, l = 0 … L.", SeedJSONReport.unitFields) {
                $0.network.statistics.rows
            },
        ]
    }

    private static var quantityFields: [ReportField<SeedStatistics>] {
        SummaryQuantity.all.map { quantity in
            .object(quantity.name, quantity.documentation, SeedTable.bandFields) { $0.band(quantity.value) }
        }
    }
}
