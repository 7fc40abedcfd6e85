import Confirmation
import ResidualNetworks

/// A confirmation for other programs.
public enum ConfirmationJSON {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "confirmation-2.0"

    static let fields: [ReportField<ConfirmationReport>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        .word("table", "The table of the paper.", of: PaperTable.allCases.map(\.rawValue)) {
            $0.result.table.rawValue
        },
        .string("scale", "How much training the rows got, by name.") { $0.result.scale.name },
        .object("recipe", "Every number of the training.", TrainingJSON.recipeFields) {
            $0.result.scale.recipe
        },
        .number("failing_error", "A final test error above this share is a failure.") {
            $0.result.scale.failingError
        },
        .string("data", "What was trained and tested on.") { $0.result.data },
        .integer("training_images", "Images trained on.") { $0.result.trainingImages },
        .integer("test_images", "Images tested on.") { $0.result.testImages },
        .strings("seeds", "The seeds.") { $0.result.seeds.map { String($0) } },
        .rows("rows", "The rows, in the paper's order.", rowFields) { report in
            report.result.rows.map { Row(row: $0, result: report.result) }
        },
        .rows(
            "correlations", "Measured at initialisation against what training ended with.", correlationFields
        ) { $0.result.correlations },
        .rows("reversals", "Rows that stand in the opposite order to the paper's.", reversalFields) {
            $0.result.reversals
        },
        .rows("searches", "Gate biases tried on a held-out part of the training set.", searchFields) {
            $0.result.searches.flatMap { search in
                search.trials.map { Trial(gate: search.gate, trial: $0, isBest: $0.bias == search.best) }
            }
        },
    ]

    private struct Row: Sendable {
        let row: RowResult
        let result: ConfirmationResult
    }

    private struct Trial: Sendable {
        let gate: String
        let trial: GateBiasSearch.Trial
        let isBest: Bool
    }

    private static var rowFields: [ReportField<Row>] {
        [
            .string("name", "What sets the row apart.") { $0.row.row.name },
            .string("shortcut", "h.") { $0.row.row.shortcut },
            .string("unit", "The unit's layout.") { $0.row.row.unit },
            .string("block", "The block.") { $0.row.row.block },
            .integer("depth", "Weighted layers, as trained here.") { $0.row.row.depth },
            .number("paper_error", "The paper's test error, in percent; null where it says “fail”.") { row in
                if case .error(let percent) = row.row.row.published { percent } else { nil }
            },
            .string("place", "Where the paper shows it.") { $0.row.row.place },
            .boolean("fails", "Its median test error is a failure.") { $0.result.fails($0.row) },
            .boolean("departs", "Its order among the rows, or its failure, is not the paper's.") {
                $0.result.departs($0.row)
            },
        ]
            + spread("test_error", "Final test error, a share; a run that broke off counts as guessing.") {
                $0.result.testError($0.row)
            }
            + spread("training_loss", "Mean loss of the last stretch of training.") {
                $0.result.trainingLoss($0.row)
            }
            + spread("direct_per_unit", "Slope of log10 ‖d_l‖ at initialisation; null where it is 0 at x_0.")
        {
            $0.row.directPerUnit
        } + spread("gradient_range", "log10 ‖g_0‖/‖g_L‖ at initialisation.") { $0.row.gradientRange }
            + spread("forward_growth", "log10 of the RMS of x_L over that of x_0 at initialisation.") {
                $0.row.forwardGrowth
            }
            + spread(
                "digits_left",
                "Decimal digits of x_L that single precision leaves at initialisation; negative where rounding outgrows it."
            ) { $0.row.digitsLeft }
            + spread("negative_share_before", "Mean share of y < 0 before training.") {
                $0.row.negativeShareBefore
            }
            + spread("negative_share_after", "Mean share of y < 0 after training.") {
                $0.row.negativeShareAfter
            } + [.rows("cells", "One a seed.", cellFields) { $0.row.cells }]
    }

    private static func spread(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Row) -> MedianRange?
    ) -> [ReportField<Row>] {
        [
            .number(name, "\(documentation) Median over the seeds.") { value($0)?.median },
            .number("\(name)_least", "The least of the seeds.") { value($0)?.least },
            .number("\(name)_greatest", "The greatest of the seeds.") { value($0)?.greatest },
        ]
    }

    private static let cellFields: [ReportField<ConfirmationCell>] = [
        .string("seed", "The seed.") { String($0.seed) },
        .number("test_error", "A share; null where training broke off or exploded.") { $0.testError },
        .number("training_loss", "Null where training broke off or exploded.") { $0.trainingLoss },
        .optionalInteger("not_finite_at", "The iteration whose loss was not finite.") { cell in
            if case .notFinite(let iteration, _) = cell.ending { iteration } else { nil }
        },
        .number("exploded_to", "The loss that an exploded run ended with; null of any other.") { cell in
            if case .exploded(let explosion) = cell.ending { explosion.loss } else { nil }
        },
        .number("direct_per_unit", "At initialisation.") { $0.initial.directPerUnit },
        .number("gradient_range", "At initialisation.") { $0.initial.gradientRange },
        .number("forward_growth", "At initialisation.") { $0.initial.forwardGrowth },
        .number("digits_left", "At initialisation.") { $0.initial.digitsLeft },
        .rows("curve", "The training curve.", curveFields) { $0.curve },
        .rows("units", "Share of y_l < 0 of every unit, before and after training.", shareFields) { cell in
            cell.initial.negativeShares.enumerated().map { index, share in
                let after = cell.negativeSharesAfter
                return Shares(
                    unit: index, before: share, after: after.indices.contains(index) ? after[index] : nil)
            }
        },
        .number("seconds", "How long it took.") { $0.seconds },
    ]

    private struct Shares: Sendable {
        let unit: Int
        let before: Double?
        let after: Double?
    }

    private static let shareFields: [ReportField<Shares>] = [
        .integer("unit", "l.") { $0.unit }, .number("before", "At initialisation.") { $0.before },
        .number("after", "After training.") { $0.after },
    ]

    private static let curveFields: [ReportField<CurvePoint>] = [
        .integer("iteration", "Iterations done.") { $0.iteration },
        .number("training_loss", "Mean since the point before.") { $0.trainingLoss },
        .number("training_error", "Mean since the point before, a share.") { $0.trainingError },
        .number("test_error", "A share.") { $0.testError },
    ]

    private static let correlationFields: [ReportField<RankCorrelation>] = [
        .word(
            "measured", "At initialisation, its absolute value.",
            of: RankCorrelation.Measured.allCases.map(\.rawValue)
        ) {
            $0.measured.rawValue
        },
        .word("outcome", "After training.", of: RankCorrelation.Outcome.allCases.map(\.rawValue)) {
            $0.outcome.rawValue
        },
        .number("rho", "Spearman's rank correlation over the rows.") { $0.correlation?.coefficient },
        .number("standard_error", "Of artanh ρ (Bonett and Wright 2000).") { $0.correlation?.standardError },
        .number("lower", "Lower end of the 95 % interval.") { $0.correlation?.interval?.lowerBound },
        .number("upper", "Upper end of the 95 % interval.") { $0.correlation?.interval?.upperBound },
        .number("p_value", "Two-sided, of a permutation test.") { $0.correlation?.pValue },
    ]

    private static let reversalFields: [ReportField<OrderReversal>] = [
        .string("better", "Better in the paper.") { $0.better.row.name },
        .string("worse", "Worse in the paper, better here.") { $0.worse.row.name },
        .boolean("within_spread", "The two rows' seeds overlap.") { $0.isWithinSpread },
    ]

    private static let searchFields: [ReportField<Trial>] = [
        .string("gate", "The shortcut.") { $0.gate }, .number("bias", "Its bias.") { Double($0.trial.bias) },
        .number("held_out_error", "A share; null where training broke off.") { $0.trial.heldOutError },
        .boolean("best", "It was chosen.") { $0.isBest },
    ]

    /// RFC 4180: a line a run.
    static func csv(_ result: ConfirmationResult) -> String {
        let heading = [
            "row", "seed", "paper_error", "test_error", "training_loss", "direct_per_unit", "gradient_range",
            "forward_growth", "digits_left", "seconds",
        ]
        let lines = result.rows.flatMap { row in
            row.cells.map { cell in
                let numbers = [
                    cell.testError, cell.trainingLoss, cell.initial.directPerUnit,
                    cell.initial.gradientRange, cell.initial.forwardGrowth, cell.initial.digitsLeft,
                    cell.seconds,
                ]
                return [
                    row.row.name.quotedForCSV, String(cell.seed),
                    ConfirmationTable.published(row.row.published),
                ]
                    + numbers.map { JSONValue.finite($0).csvCell }
            }
        }
        return ([heading] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }
}
