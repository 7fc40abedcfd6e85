import Analysis

/// The table of units: L + 1 rows, and the one list of columns from which CSV, JSON, schema, the tables for
/// people and their explanation are made.
public enum UnitTable {
    public static let columns: [UnitColumn] =
        places + forward + gradients + withinStage + checks + statuses + theory

    /// RFC 4180, a header line first, an empty field for null. No field needs quotes: names are snake_case
    /// and values are plain words or numbers, written as the shortest decimal that reads back exactly.
    public static func csv(_ units: [UnitMeasurement]) -> String {
        var text = columns.map(\.name).joined(separator: ",") + "\r\n"
        for row in units {
            for (index, column) in columns.enumerated() {
                if index > 0 { text += "," }
                text += cell(column.field.value(row))
            }
            text += "\r\n"
        }
        return text
    }

    /// The columns of the given names, in the order of the table.
    static func columns(named names: Set<String>) -> [UnitColumn] {
        columns.filter { names.contains($0.name) }
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .integer(let integer): integer.description
        case .number(let number): number.description
        case .string(let word): word
        default: ""
        }
    }

    private static let places: [UnitColumn] = [
        .count(
            "unit", "l", "l, the residual unit whose input x_l is measured; row L is the input of the head."
        ) {
            $0.unit
        },
        .count(
            "stage", "stage",
            "Stage of the tensor x_l; the x_l that enters a transition is in the earlier one."
        ) {
            $0.stage
        },
        .count("channels", "channels", "Channels of x_l.") { $0.channels },
    ]

    private static let forward: [UnitColumn] = [
        .number(
            "forward_rms", "RMS", .significant(4),
            "Root of the mean of x_l² over all elements. Null where x_l is not finite, and above that."
        ) { $0.forwardRMS },
        .number(
            "channel_mean_square", "mean²", .significant(4),
            "Mean over channels of the squared channel mean of x_l (over batch and space)."
        ) { $0.channelMeanSquare },
        .number(
            "channel_variance", "variance", .significant(4),
            "Mean over channels of the variance of x_l in a channel (over batch and space)."
        ) { $0.channelVariance },
    ]

    private static let gradients: [UnitColumn] = [
        .number(
            "gradient_log10", "total", .decimals(2),
            "log10 ‖g_l‖, g_l = ∂E/∂x_l (Eqn. 5, 8): L2 norm over the whole batch tensor. gradient_status says why it is null."
        ) { $0.gradientLog10 },
        .number(
            "direct_log10", "direct", .decimals(2),
            "log10 ‖d_l‖, the direct term, first of Eqn. 5 and 8: what the shortcuts alone carry from x_L to x_l."
        ) { $0.directLog10 },
        .number(
            "through_weights_log10", "through weights", .decimals(2),
            "log10 ‖w_l‖, the second term of Eqn. 5 and 8: what passed through at least one residual branch."
        ) { $0.throughWeightsLog10 },
        .number(
            "decomposition_error", "sum error", .error,
            "‖g_l − d_l − w_l‖ / max(‖g_l‖, ‖d_l‖, ‖w_l‖): tests arithmetic. The probes are the proof of the split."
        ) { $0.decompositionError },
        .number(
            "shortcut_product_log10", "product", .decimals(2),
            "Σ log10|λ_i| over i = l … L−1 (Eqn. 8): from the shortcuts alone, without the derivative of f."
        ) { $0.shortcutProductLog10 },
        .number(
            "cosine", "cosine", .decimals(3),
            "Cosine of the angle between d_l and w_l. Null where either is 0."
        ) { $0.cosine },
    ]

    private static let withinStage: [UnitColumn] = [
        .number(
            "stage_direct_log10", "direct, stage", .decimals(2),
            "log10 ‖d_l‖ of the recursion restarted at the last x of this stage (the paper's footnote 1)."
        ) { $0.stageDirectLog10 },
        .number(
            "stage_through_weights_log10", "weights, stage", .decimals(2),
            "log10 ‖w_l‖ of the recursion restarted at the last x of this stage."
        ) { $0.stageThroughWeightsLog10 },
    ]

    private static let theory: [UnitColumn] = [
        .number(
            "predicted_forward_rms", "RMS, theory", .significant(4),
            "Root of the mean of x_l² that theory expects of this configuration, given x_0."
        ) { $0.predicted?.forwardRMS },
        .number(
            "predicted_gradient_log10", "total, theory", .decimals(2),
            "log10 ‖g_l‖ that theory expects of this configuration, given ‖g_L‖."
        ) { $0.predicted?.gradientLog10 },
        .number(
            "predicted_direct_log10", "direct, theory", .decimals(2),
            "log10 ‖d_l‖ that theory expects, given ‖g_L‖."
        ) { $0.predicted?.directLog10 },
        .number(
            "predicted_through_weights_log10", "weights, theory", .decimals(2),
            "log10 ‖w_l‖ that theory expects, given ‖g_L‖."
        ) { $0.predicted?.throughWeightsLog10 },
        .number(
            "predicted_gradient_deviation", "± total", .decimals(3),
            "Standard deviation of log10 ‖g_l‖ over seeds, in decades, that theory expects of these widths."
        ) { $0.predicted?.gradientDeviation },
    ]

    private static let statuses: [UnitColumn] = [
        .status("forward_status", "What stands behind forward_rms") { $0.forwardStatus },
        .status("gradient_status", "What stands behind gradient_log10") { $0.gradient.status },
        .status("direct_status", "What stands behind direct_log10") { $0.direct.status },
        .status("through_weights_status", "What stands behind through_weights_log10") {
            $0.throughWeights.status
        },
    ]

    private static let checks: [UnitColumn] = [
        .number(
            "digits_left", "digits", .decimals(1),
            "Decimal digits of x_l that the run's rounding leaves; below 1, x_l cannot be compared between machines, "
                + "implementations or precisions. Null without probes."
        ) { $0.digitsLeft },
        .number(
            "forward_identity_error", "forward error", .error,
            "Error of Eqn. 4 and 7 up to x_l, relative to the largest term. Null where h is not linear or f not identity."
        ) { $0.forwardIdentityError },
        .number(
            "negative_share", "negative y", .decimals(3),
            "Share of negative elements of y_l, which f = ReLU sets to 0. Null for every other f."
        ) { $0.negativeShare },
    ]
}
