import Analysis

/// The table of units: L + 1 rows, and the one list of columns from which CSV, JSON, schema, the tables for
/// people and their explanation are made.
public enum UnitTable {
    public static let columns: [UnitColumn] = ofNetworks + ofModels

    /// Those of every network.
    static let ofNetworks = places + forward + gradients + withinStage + checks + statuses + theory
    /// Those of models of files besides: names, and y_l.
    static let ofModels = names + sums

    /// Columns for people: those of models where there are values, names behind the numbers of the rows.
    static func shown(of units: [UnitMeasurement]) -> [UnitColumn] {
        let shown = Set(
            ofModels.filter { column in units.contains { column.text($0, minus: "") != nil } }.map(\.name))
        return places + names.filter { shown.contains($0.name) } + ofNetworks.dropFirst(places.count)
            + sums.filter { shown.contains($0.name) }
    }

    /// RFC 4180, a header line first, an empty field for null; numbers as the shortest decimal that reads back exactly.
    public static func csv(_ units: [UnitMeasurement]) -> String {
        var text = columns.map(\.name).joined(separator: ",") + "\r\n"
        for row in units {
            for (index, column) in columns.enumerated() {
                if index > 0 { text += "," }
                text += column.field.value(row).csvCell
            }
            text += "\r\n"
        }
        return text
    }

    /// The columns of the given names, in the order of the table.
    static func columns(named names: Set<String>) -> [UnitColumn] {
        columns.filter { names.contains($0.name) }
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

    private static let names: [UnitColumn] = [
        .name("label", "module", "Where unit l comes from in a model of a file: the module's path.") {
            $0.label
        },
        .name("kind", "h", "What h of unit l is in a model of a file.") { $0.kind },
        .name("shape", "shape", "Extents of x_l in a model of a file; of several tensors the first's.") {
            $0.shape.map(\.description).joined(separator: "x")
        },
    ]

    private static let sums: [UnitColumn] = [
        .number(
            "sum_forward_rms", "RMS of y", .significant(4),
            "Root of the mean of y_l² over all elements; null where it was not asked for."
        ) { $0.sum?.forwardRMS },
        .number(
            "sum_gradient_log10", "total at y", .decimals(2), "log10 ‖∂E/∂y_l‖, as gradient_log10 of x_l."
        ) { $0.sum?.gradient.value },
        .number("sum_direct_log10", "direct at y", .decimals(2), "Its direct term, as direct_log10 of x_l.") {
            $0.sum?.direct.value
        },
        .number(
            "sum_through_weights_log10", "weights at y", .decimals(2),
            "What of it passed through a branch, as through_weights_log10 of x_l."
        ) { $0.sum?.throughWeights.value },
        .number("sum_cosine", "cosine at y", .decimals(3), "Cosine of the angle between the two.") {
            $0.sum?.cosine
        },
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
