import Analysis
import NumericalMethods

/// The report of several seeds as JSON: medians and quartiles at every x_l, and the verdict of each seed.
public enum SeedJSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "seeds-1.0"

    public static func text(
        _ statistics: SeedStatistics, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> String {
        fields.object(of: Subject(statistics: statistics, manifest: manifest, assertions: assertions)).text
    }

    struct Subject: Sendable {
        let statistics: SeedStatistics
        let manifest: RunManifest
        let assertions: [AssertionFinding]
    }

    /// One seed and what it found.
    private struct Run: Sendable {
        let seed: UInt64
        let result: AnalysisResult
    }

    static let fields: [ReportField<Subject>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        .object("network", "What was built.", JSONReport.networkFields) { $0.statistics.network },
        .object("loss", "E: softmax cross-entropy, mean over the batch.", SeedTable.bandFields) {
            $0.statistics.loss
        },
        .integersByName(
            "shortcut_paths",
            "Seeds by what their shortcut path delivers; not_measured where it was not measured."
        ) { SeedJSONReport.shortcutPaths($0.statistics) },
        .rows("units", "One row per x_l, l = 0 … L.", unitFields) { $0.statistics.rows },
        .rows("checks", "The identities, each with its largest error over the seeds.", checkFields) {
            $0.statistics.checks
        },
        .rows("theory", "Each quantity held against theory's prediction, over the seeds.", theoryFields) {
            SeedTheory.all($0.statistics)
        },
        .rows(
            "measurements",
            "The single numbers of what --measure asked for; its tables stand with each seed.",
            SeedMeasurements.fields
        ) { SeedMeasurements($0.statistics).scalars },
        .rows("assertions", "The conditions that the run was asked to hold.", JSONReport.assertionFields) {
            $0.assertions
        },
        .rows("seeds", "What each seed found.", seedFields) { subject in
            zip(subject.statistics.seeds, subject.statistics.results).map { Run(seed: $0, result: $1) }
        },
    ]

    /// A count for every word.
    static func shortcutPaths(_ statistics: SeedStatistics) -> [(String, Int?)] {
        let found = statistics.results.map(\.verdict.shortcutPath)
        return ShortcutPath.allCases.map { path in (path.rawValue, found.count { $0 == path }) }
            + [("not_measured", found.count { $0 == nil })]
    }

    static var unitFields: [ReportField<SeedRow>] {
        SeedTable.places.map { column in
            .integer(column.name, column.documentation) { row in
                Int(saturating: column.number(row.place) ?? 0)
            }
        }
            + SeedTable.measured.map { column in
                .object(column.name, column.documentation, SeedTable.bandFields) { row in
                    row.bands[column.name] ?? QuartileBand([])
                }
            }
    }

    private static var checkFields: [ReportField<SeedCheck>] {
        [
            .string("name", "Name of the identity.") { $0.worst.name },
            .number("worst_error", "The largest relative error met with any seed.") { $0.worst.worstError },
            .optionalInteger("worst_unit", "l of the largest error.") { $0.worst.worstUnit },
            .string("worst_seed", "Seed of the largest error.") { String($0.seed) },
            .number("tolerance", "The bound on the error.") { $0.worst.tolerance },
            .optionalBoolean("passed", "The errors of all seeds are within the bound.") { $0.worst.passed },
        ]
    }

    static var theoryFields: [ReportField<SeedTheory>] {
        [
            .string("name", "Column of units that is compared.") { $0.quantity },
            .word(
                "outcome", "departs where it departs with any seed, agrees where it agrees with all.",
                of: QuantityVerdict.Outcome.allCases.map(\.rawValue)
            ) { $0.outcome.rawValue },
            .integer("agreeing_seeds", "Seeds with which it agrees.") { $0.agreeing },
            .integer(
                "partly_agreeing_seeds",
                "Seeds with which it agrees on some rows, and others lack a measurement or a prediction."
            ) { $0.partlyAgreeing },
            .integer("departing_seeds", "Seeds with which it departs.") { $0.departing },
            .integer("undecided_seeds", "Seeds with which it cannot be said.") { $0.undecided },
            .string("worst_seed", "The seed that lies furthest from theory.") { String($0.seed) },
            .string("sentence", "The verdict in words.") { $0.line(minus: "-").sentence },
        ]
    }

    private static var seedFields: [ReportField<Run>] {
        [
            .string("seed", "Seed of weights, batch, masks and probes.") { String($0.seed) },
            .number("loss", "E with this seed.") { $0.result.loss },
            .optionalInteger("first_non_finite_unit", "First l whose x_l is not finite; else null.") {
                $0.result.firstNonFiniteUnit
            },
            .optionalInteger(
                "direct_vanishes_at_unit", "Largest l with a direct term of exactly 0; else null."
            ) {
                $0.result.directVanishesAtUnit
            },
            .object("verdict", "The measurement in words and slopes.", JSONReport.verdictFields) {
                $0.result.verdict
            },
            .optionalObject(
                "measurements", "What --measure asked for; null where it asked for nothing.",
                JSONReport.measurementFields
            ) { $0.result.measurements },
        ]
    }
}
