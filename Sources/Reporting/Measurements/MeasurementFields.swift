import Analysis

/// The fields of what `--measure` asks for, from which JSON, CSV and the schema are made.
extension JSONReport {
    static let measurementFields: [ReportField<MeasurementResults>] = [
        .rows("costs", "What was asked for, with the cost stated before it ran.", costFields) { $0.costs },
        .rows("omissions", "What does not apply to this network.", omissionFields) { $0.omissions },
        .rows("scalars", "The measurements in single numbers, under names that do not change.", scalarFields)
        {
            $0.scalars
        },
        .optionalObject(
            "path_lengths",
            "The gradient by the number of residual branches that it passed through (Veit et al. 2016).",
            pathLengthFields
        ) { $0.pathLengths },
        .optionalRows(
            "cancellation", "Per x_l, whether the two terms of Eqn. 5 cancel sample by sample.",
            cancellationFields
        ) { $0.cancellation },
        .optionalRows(
            "parameter_gradients", "The loss gradient of every parameter.", parameterGradientFields
        ) { $0.parameterGradients },
        .optionalRows("fits", "Norms against the number n of units travelled, n ≥ 1.", fitFields) { $0.fits },
        .optionalObject("jacobian", "Singular values s of ∂x_to/∂x_from, whole batch.", jacobianFields) {
            $0.jacobian
        },
        .optionalRows(
            "correlation", "Cosine of ∂E/∂x_l between different samples (Balduzzi et al. 2017).",
            correlationFields
        ) { $0.correlation },
        .optionalObject(
            "line_correlation",
            "Cosine of one logit's gradient between image a and a + t (b − a), b another image (Balduzzi et al. 2017).",
            lineCorrelationFields
        ) { $0.lineCorrelation },
        .optionalRows(
            "signal_propagation", "The three statistics of Brock, De and Smith (2021), section 3.",
            signalPropagationFields
        ) { $0.signalPropagation },
    ]

    static let costFields: [ReportField<MeasurementCost>] = [
        .string("name", "The measurement, as a word of --measure.") { $0.name },
        .number("backward_passes", "Time, in plain backward passes of this network and batch; at most.") {
            $0.backwardPasses
        },
        .integer("bytes", "Memory beyond that of the sweeps.") { $0.bytes },
    ]

    static let omissionFields: [ReportField<MeasurementResults.Omission>] = [
        .string("name", "The measurement, as a word of --measure.") { $0.name },
        .string("reason", "Why it does not apply.") { $0.reason },
    ]

    static let scalarFields: [ReportField<NamedScalar>] = [
        .string("name", "snake_case.") { $0.name },
        .number("value", "Null where it could not be measured or is the logarithm of 0.") { $0.value },
    ]

    static let pathLengthFields: [ReportField<PathLengthSpectrum>] = [
        .integer("greatest_length", "Longer paths are counted together.") { $0.greatestLength },
        .number("smallest_share", "A length with a smaller share is no longer followed.") {
            $0.smallestShare
        },
        .number(
            "sum_error", "Largest ‖g_l − Σ_k G_l^(k)‖ / ‖g_l‖ at x_0 and the first x of every stage."
        ) { $0.sumError },
        .number("direct_error", "Largest ‖G_l^(0) − d_l‖ / ‖d_l‖ at these x_l, where length 0 was followed.")
        {
            $0.directError
        },
        .rows("rows", "One row per x_l, l = 0 … L.", pathLengthRowFields) { $0.rows },
        .rows(
            "distributions", "Every length followed, at x_0 and at the first x of every stage.",
            pathLengthDistributionFields
        ) { $0.distributions },
    ]

    static let pathLengthRowFields: [ReportField<PathLengthSpectrum.Row>] = [
        .integer("unit", "l.") { $0.unit },
        .number(
            "mean",
            "Mean number of branches passed, weighted by share. Null where rest_share is a hundredth or more."
        ) { $0.mean },
        .number("standard_deviation", "Standard deviation of that number.") { $0.standardDeviation },
        .word(
            "status", "What stands behind the mean: not measured where rest_share is a hundredth or more.",
            of: MeasurementStatus.allCases.map(\.rawValue)
        ) { $0.status.rawValue },
        .integer("lengths", "Lengths that were followed here.") { $0.lengths },
        .number("rest_share", "Share of what was not followed: longer paths, and lengths of no weight.") {
            $0.restShare
        },
    ]

    static let pathLengthDistributionFields: [ReportField<PathLengthSpectrum.Length>] = [
        .integer("unit", "l.") { $0.unit },
        .integer("length", "k, the number of branches passed between x_L and x_l.") { $0.length },
        .number("log10", "log10 ‖G_l^(k)‖.") { $0.log10 },
        .number(
            "share",
            "‖G_l^(k)‖² / Σ_k ‖G_l^(k)‖²: paths of different length are nearly uncorrelated, so squares add up."
        ) { $0.share },
    ]

    static let cancellationFields: [ReportField<Cancellation>] = [
        .integer("unit", "l.") { $0.unit },
        .number(
            "cancelled_share",
            "Share of samples with ‖g_l‖ < 0.1 ‖d_l‖. Null where every d_l is 0."
        ) { $0.cancelledShare },
        .number("cosine_minimum", "Least cosine over the samples between direct and through-weights term.") {
            $0.cosineMinimum
        },
        .number("cosine_lower_quartile", "Lower quartile of that cosine.") { $0.cosineLowerQuartile },
        .number("cosine_median", "Median of that cosine.") { $0.cosineMedian },
        .number("cosine_upper_quartile", "Upper quartile of that cosine.") { $0.cosineUpperQuartile },
        .number("cosine_maximum", "Largest of that cosine.") { $0.cosineMaximum },
    ]

    static let parameterGradientFields: [ReportField<ParameterGradientNorm>] = [
        .string("parameter", "Name as exported.") { $0.parameter },
        .optionalInteger("unit", "l of its residual unit; null in the stem and the head.") { $0.unit },
        .integer("count", "Elements.") { $0.count },
        .number("gradient_log10", "log10 ‖∂E/∂θ‖; gradient_status says why it is null.") { $0.gradientLog10 },
        .word(
            "gradient_status", "What stands behind gradient_log10.",
            of: MeasurementStatus.allCases.map(\.rawValue)
        ) { $0.gradient.status.rawValue },
        .number("value_log10", "log10 ‖θ‖. Null where it is 0.") { $0.valueLog10 },
        .number("relative_log10", "log10 of the one over the other.") { $0.relativeLog10 },
    ]

    static let fitFields: [ReportField<DepthFit>] = [
        .string("quantity", "gradient, direct or forward_rms: log10 of it is fitted.") { $0.quantity },
        .optionalInteger("stage", "Fitted within this stage; null for the whole network.") { $0.stage },
        .integer("count", "Rows fitted.") { $0.count },
        .number("exponential_slope", "b of a + b·n, in decades a unit.") { $0.exponentialSlope },
        .number("exponential_slope_standard_error", "Standard error of that slope.") {
            $0.exponentialSlopeStandardError
        },
        .number("exponential_residual_squares", "Sum of squared residuals.") {
            $0.exponentialResidualSquares
        },
        .number("power_slope", "b of a + b·log10 n, the exponent.") { $0.powerSlope },
        .number("power_slope_standard_error", "Standard error of that slope.") { $0.powerSlopeStandardError },
        .number("power_residual_squares", "Sum of squared residuals.") { $0.powerResidualSquares },
        .optionalWord(
            "better", "The law of smaller residuals; null where both fit to rounding.",
            of: DepthFit.Law.allCases.map(\.rawValue)
        ) { $0.better?.rawValue },
    ]

    static let correlationFields: [ReportField<GradientCorrelation>] = [
        .integer("unit", "l.") { $0.unit },
        .number("mean_cosine", "Mean cosine over all pairs of different samples.") { $0.meanCosine },
        .number("mean_absolute_cosine", "Mean of its magnitude.") { $0.meanAbsoluteCosine },
        .integer("pairs", "Pairs; of the first 32 samples at most.") { $0.pairs },
    ]

    static let lineCorrelationFields: [ReportField<LineCorrelation>] = [
        .integer("lines", "Lines between different pairs of images; all values are means over them.") {
            $0.lines
        },
        .rows("rows", "One row per x_l, l = 0 … L.", lineCorrelationRowFields) { $0.lengths },
        .rows("points", "Every t, at x_0 and at the first x of every stage.", lineCorrelationPointFields) {
            $0.points
        },
    ]

    static let lineCorrelationRowFields: [ReportField<LineCorrelation.Length>] = [
        .integer("unit", "l.") { $0.unit },
        .number("nearest_cosine", "Cosine at the smallest t.") { $0.nearestCosine },
        .number("farthest_cosine", "Cosine at t = 1, the other image.") { $0.farthestCosine },
        .number(
            "correlation_length",
            "t at which the cosine first falls to 1/e. Null where it stays above; the smallest t where it is below."
        ) { $0.correlationLength },
    ]

    static let lineCorrelationPointFields: [ReportField<LineCorrelation.Point>] = [
        .integer("unit", "l.") { $0.unit },
        .number("t", "Place on the line: 0 at a, 1 at b.") { $0.t },
        .number("cosine", "Mean cosine with the gradient at a.") { $0.cosine },
    ]

    static let signalPropagationFields: [ReportField<SignalPropagation>] = [
        .integer("unit", "l.") { $0.unit },
        .number(
            "average_channel_squared_mean",
            "Squared mean of a channel of x_l over batch and space, averaged over channels."
        ) { $0.averageChannelSquaredMean },
        .number(
            "average_channel_variance",
            "Variance of a channel of x_l over batch and space, averaged over channels."
        ) { $0.averageChannelVariance },
        .number(
            "residual_average_variance",
            "Average channel variance at the end of the branch that reads x_l, as it is added. Null for row L."
        ) { $0.residualAverageVariance },
    ]

    static let jacobianFields: [ReportField<JacobianSpectrum>] = [
        .integer("from", "l of the input.") { $0.from },
        .integer("to", "l of the output.") { $0.to },
        .integer("input_elements", "Elements of x_from, whole batch.") { $0.inputElements },
        .integer("output_elements", "Elements of x_to, whole batch.") { $0.outputElements },
        .integer("steps", "Steps of Golub–Kahan bidiagonalisation.") { $0.steps },
        .number("largest_log10", "log10 of the largest s found: a lower bound of the largest.") {
            $0.largestLog10
        },
        .number("largest_relative_error", "A singular value lies within this part of it.") {
            $0.largestRelativeError
        },
        .number(
            "smallest_log10", "log10 of the smallest s found: an upper bound of the smallest. Null for 0."
        ) {
            $0.smallestLog10
        },
        .number("smallest_relative_error", "A singular value lies within this part of it.") {
            $0.smallestRelativeError
        },
        .number("condition_log10", "log10 of the largest over the smallest found: a lower bound.") {
            $0.conditionLog10
        },
        .number("mean_square_log10", "log10 of Σ s² over input_elements, by random probes.") {
            $0.meanSquareLog10
        },
        .number("mean_square_relative_standard_error", "Standard error of that mean, relative to it.") {
            $0.meanSquareRelativeStandardError
        },
        .number("direct_mean_square_log10", "The same mean for the shortcuts alone, ∏ D H. Null for 0.") {
            $0.directMeanSquareLog10
        },
        .integer("probes", "Random probes.") { $0.probes },
    ]
}
