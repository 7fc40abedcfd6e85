import Analysis
import DataSets
import ResidualNetworks

/// The parts of the report, field by field.
extension JSONReport {
    static let manifestFields: [ReportField<RunManifest>] = [
        .strings("command", "The command line, word by word.") { $0.command },
        .string("version", "Version of propagate.") { $0.version },
        .optionalWord(
            "commit",
            "The commit that propagate was built from, with + behind it where files had changed since; null where it was "
                + "built outside its repository."
        ) { $0.commit },
        .stringsByName("libraries", "Versions of the libraries that computed.") { $0.libraries },
        .stringsByName(
            "configuration",
            "Every option, defaults included; of a sweep also its axes in their order, of a comparison its networks as words "
                + "of a shell command, of a confirmation its table."
        ) { $0.configuration },
        .optionalObject("data", "The images that were used; null where none were.", dataFields) { $0.data },
        .optionalObject(
            "weights", "The weights that an analysis read; null where it drew them, and of other runs.",
            weightsFields
        ) { $0.weights },
        .rows(
            "resumptions", "Processes that went on with a training run, in order; of other runs none.",
            resumptionFields
        ) { $0.resumptions },
        .string("operating_system", "Operating system of the run.") { $0.operatingSystem },
        .string("processor", "Processor of the run.") { $0.processor },
    ]

    private static let weightsFields: [ReportField<WeightsProvenance>] = [
        .string("path", "The file, or the folder of a checkpoint.") { $0.path },
        .optionalInteger("iteration", "Iterations of training; null where the weights do not say.") {
            $0.iteration
        },
    ]

    private static let resumptionFields: [ReportField<RunManifest.Resumption>] = [
        .strings("command", "The command line, word by word.") { $0.command },
        .string("version", "Version of propagate.") { $0.version },
        .optionalWord("commit", "The commit that it was built from; null where that is unknown.") {
            $0.commit
        },
        .integer("iteration", "Iterations that were done when it began.") { $0.iteration },
        .integer("threads", "Compute threads, which the last bits of the weights depend on.") { $0.threads },
        .stringsByName("options", "Options that it changed; they hold for whoever goes on next.") {
            $0.options
        },
    ]

    private static let dataFields: [ReportField<DataProvenance>] = [
        .string("name", "Where the images are from.") { $0.name },
        .strings(
            "classes",
            "Names of the classes; a label is a place in this list, from 0. Empty where sources have different ones."
        ) { $0.classes },
        .rows("parts", "Images that were used together.", partFields) { data in
            data.parts.map { DataPart(part: $0, classes: data.classes) }
        },
        .optionalObject(
            "normalization",
            "What was done to each channel: (value - mean) / standard deviation; null for nothing.",
            normalizationFields
        ) { $0.normalization },
        .optionalWord("transparency", "What is done about transparent pixels; null where there are none.") {
            $0.transparency
        },
        .optionalWord(
            "orientation", "What is done about images that are stored turned; null where none are."
        ) { $0.orientation },
        .optionalInteger(
            "turned", "Images that were decoded and turned upright; null where that is not known."
        ) { $0.turned },
        .optionalStrings(
            "undecodable",
            "Images that could not be decoded and were left out; null where that is not known."
        ) { $0.undecodable },
        .optionalStrings(
            "with_stray_bytes",
            "Images that were decoded although their files have bytes that belong to nothing; null where that is not known."
        ) { $0.withStrayBytes },
        .strings(
            "other_formats", "What lay among the images and is no PNG or JPEG file; folders end in a slash."
        ) { $0.otherFormats },
        .integersByName(
            "other_formats_by_extension", "The same, counted by what the names end in."
        ) { data in FileKinds(data.otherFormats).kinds.map { ($0.name, $0.count) } },
        .strings("untested_classes", "Classes without an image to be tested on.") { $0.untested },
    ]

    /// A part with the names of its classes.
    private struct DataPart: Sendable {
        let part: DataProvenance.Part
        let classes: [String]
    }

    private static let partFields: [ReportField<DataPart>] = [
        .word("role", "What they were used for.", of: DataProvenance.Part.Role.allCases.map(\.rawValue)) {
            $0.part.role.rawValue
        },
        .integer("images", "How many; with several seeds, with each.") { $0.part.images },
        .integersByName(
            "images_by_class", "Images of each class, over all seeds; empty where they were not counted."
        ) { part in
            (part.part.imagesByClass ?? []).enumerated().map { label, count in
                (part.classes.indices.contains(label) ? part.classes[label] : String(label), count)
            }
        },
    ]

    private static let normalizationFields: [ReportField<DataProvenance.Normalization>] = [
        .numbers("mean", "One a channel.") { $0.mean },
        .numbers("standard_deviation", "One a channel.") { $0.deviation },
        .string("values", "What the values are before.") { $0.values },
        .string("origin", "Where the constants are from.") { $0.origin },
        .boolean("measured", "They were measured on the source itself, and are not fixed.") { $0.isMeasured },
    ]

    static let networkFields: [ReportField<NetworkSummary>] = [
        .string("architecture", "cifar, imagenet, dense, or the name of a caller's own stack.") {
            $0.architecture
        },
        .integer("depth", "Weighted layers, as the paper counts them.") { $0.depth },
        .integer("units", "L, the number of residual units.") { $0.units },
        .integer("parameters", "Trainable parameters.") { $0.parameters },
        .string("unit", "Layout of the residual unit (Fig. 4).") { $0.unit },
        .string("block", "Layers of the residual branch.") { $0.block },
        .string("shortcut", "The shortcut h (Fig. 2).") { $0.shortcut },
        .rows("functions", "Functions that formulas give it.", functionFields) { $0.functions },
        .integer("classes", "Outputs of the classifier.") { $0.classes },
        .rows("stages", "Runs of consecutive x_l of one shape.", stageFields) { $0.stages },
        .integer("expected_memory_bytes", "Predicted peak memory of the measurement, in bytes.") {
            $0.expectedMemory
        },
    ]

    static let functionFields: [ReportField<DesignFunction>] = [
        .string(
            "name",
            "h(x), f(x), φ(x) of the activation, or the branch's factor β and its probability p of being dropped."
        ) { $0.name },
        .string("formula", "Of x, and of l, L, s, n, t; in normal form.") { $0.formula },
        .optionalWord("derivative", "By x, in normal form.") { $0.derivative },
        .stringsByName("starts", "What learned numbers start from, by name.") { $0.starts },
    ]

    static let stageFields: [ReportField<StageSummary>] = [
        .integer("stage", "Number of the stage; 0 is the stem's output where no unit keeps its size.") {
            $0.stage
        },
        .integer("channels", "Channels of its x_l.") { $0.channels },
        .integer("height", "Height of its x_l, in elements.") { $0.height },
        .integer("width", "Width of its x_l, in elements.") { $0.width },
        .integer("first_unit", "First l whose x_l has this shape.") { $0.firstUnit },
        .integer("last_unit", "Last l whose x_l has this shape.") { $0.lastUnit },
    ]

    static let probeFields: [ReportField<ProbeMeasurement>] = [
        .integer("unit", "l, the unit whose input x_l the tangent starts from.") { $0.unit },
        .number(
            "probe_error_direct",
            "⟨d_l, v⟩ against the forward-mode ⟨g_L, ∏ D_i H_i v⟩, relative to the larger side."
        ) { $0.probeErrorDirect },
        .number(
            "probe_error_total",
            "⟨g_l, v⟩ against the forward-mode ⟨g_L, ∏ D_i (H_i + J_i) v⟩, relative to the larger side."
        ) { $0.probeErrorTotal },
        .number(
            "probe_error_through_weights",
            "⟨w_l, v⟩ against the forward-mode difference of the two, relative to the larger side."
        ) { $0.probeErrorThroughWeights },
        .number(
            "probe_condition_direct",
            "max ‖d_i‖·‖v_i‖ / |⟨d_l, v⟩| over the way of v, v_i being v pushed to x_i: how far rounding is magnified."
        ) { $0.probeConditionDirect },
        .number(
            "probe_condition_total", "max ‖g_i‖·‖v_i‖ / |⟨g_l, v⟩| likewise, for the total."
        ) { $0.probeConditionTotal },
        .number(
            "probe_condition_through_weights", "The same of the two products that make ⟨w_l, v⟩."
        ) { $0.probeConditionThroughWeights },
        .number(
            "probe_error_loss",
            "⟨g_l, v⟩ against a central difference of the loss, relative to the larger side; in Double only."
        ) { $0.probeErrorLoss },
        .number(
            "probe_kink_loss",
            "Where the loss has no derivative at x_l: how far its slopes to either side differ, relative to ⟨g_l, v⟩; "
                + "else null."
        ) { $0.probeKinkLoss },
    ]

    static let checkFields: [ReportField<IdentityCheck>] = [
        .string("name", "Name of the identity.") { $0.name },
        .string("statement", "The identity, with its equation number.") { $0.statement },
        .number(
            "worst_error",
            "The relative error that is largest for its bound; null when nothing could be evaluated."
        ) {
            $0.worstError
        },
        .optionalInteger("worst_unit", "l of that error.") { $0.worstUnit },
        .number("tolerance", "The bound on that error.") { $0.tolerance },
        .string("tolerance_reason", "Why this bound.") { $0.toleranceReason },
        .optionalBoolean(
            "passed",
            "All errors are within their bounds; null where the identity does not apply or rounding hides the answer."
        ) { $0.passed },
        .strings("findings", "What is wrong or could not be judged, a sentence each.") { $0.findings },
        .optionalWord("inapplicability", "Why there is nothing to hold against the bound; else null.") {
            $0.inapplicability
        },
    ]

    static let theoryFields: [ReportField<QuantityVerdict>] = [
        .string("name", "Column of units that is compared.") { $0.quantity },
        .word(
            "outcome", "Whether the measurement is where theory expects it.",
            of: QuantityVerdict.Outcome.allCases.map(\.rawValue)
        ) { $0.outcome.rawValue },
        .optionalInteger(
            "departure_unit",
            "l of the first departure on the quantity's way (up for the signal, down for gradients); of the largest "
                + "distance where it agrees."
        ) { $0.unit },
        .number("departure", "Measured less predicted there, in decades.") { $0.departure },
        .number(
            "allowance",
            "Decades that would still have been agreement there: model_allowance and three times standard_error."
        ) { $0.allowance },
        .number("model_allowance", "Decades that the model leaves open there, whatever the seeds.") {
            $0.modelAllowance
        },
        .number("standard_error", "Standard error of the prediction there, in decades.") { $0.standardError },
        .number(
            "standard_errors",
            "The departure over the standard error; null where that is 0. No measure of agreement: the model's part of "
                + "the allowance is not in it."
        ) { $0.standardErrors },
        .integer("compared_rows", "Rows that have both a measurement and a prediction.") { $0.comparedRows },
        .integer("rows", "Rows that have either.") { $0.rows },
        .string("sentence", "The verdict in words.") { Summary.theory($0, minus: "-") },
    ]

    static let assertionFields: [ReportField<AssertionFinding>] = [
        .string("text", "The condition, as it was written.") { $0.text },
        .word("outcome", "What it came to.", of: AssertionFinding.Outcome.words) { $0.outcome.word },
        .string("sentence", "The outcome with its numbers, or why it cannot be said.") {
            $0.sentence(minus: "-")
        },
    ]

    static let verdictFields: [ReportField<Verdict>] = [
        .optionalWord(
            "shortcut_path",
            "What the shortcuts deliver at x_0, by shortcut_decades: intact within 1 decade either way, attenuated to −6, "
                + "vanished below, dead where it is exactly 0, exploding above 1. Null where it was not measured.",
            of: ShortcutPath.allCases.map(\.rawValue)
        ) { $0.shortcutPath?.rawValue },
        .number(
            "shortcut_decades",
            "Decades that the shortcuts change the direct term by from x_L to x_0: mean change per unit over the units "
                + "that keep the size of x_l, times L. Null where the direct term is exactly 0 or not measured."
        ) { $0.shortcutDecades },
        .string("headline", "What the shortcut path delivers, in words.") { $0.headline },
        .word(
            "carrier", "Which path carries the gradient at x_0.",
            of: [Verdict.Carrier.shortcuts, .weights, .both, .neither].map(\.rawValue)
        ) { $0.carrier.rawValue },
        .number(
            "direct_log10_per_unit",
            "Slope of direct_log10 within the stages, in decades per unit travelled down; negative where the term "
                + "shrinks, null where it becomes exactly 0."
        ) { $0.directLog10PerUnit },
        .number("direct_log10_per_unit_standard_error", "Standard error of that slope.") {
            $0.directLog10PerUnitStandardError
        },
        .number("gradient_log10_per_unit", "The same slope of gradient_log10.") { $0.gradientLog10PerUnit },
        .number("gradient_log10_per_unit_standard_error", "Standard error of that slope.") {
            $0.gradientLog10PerUnitStandardError
        },
        .strings("sentences", "The verdict in plain words.") { $0.sentences },
    ]
}
