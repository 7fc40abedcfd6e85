import Training

/// A training run for other programs.
public enum TrainingJSON {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "training-1.1"

    static let fields: [ReportField<TrainingReport>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        .stringsByName("configuration", "The network and its data, in the command line's words.") {
            $0.result.configuration
        },
        .object("recipe", "Every number of the training.", recipeFields) { $0.result.recipe },
        .string("seed", "Seed of weights, order, augmentation and masks.") { String($0.result.seed) },
        .integer("parameters", "Trainable numbers.") { $0.result.parameters },
        .integer("training_images", "Images trained on.") { $0.result.trainingImages },
        .integer("test_images", "Images tested on.") { $0.result.testImages },
        .object("ending", "How the run ended.", endingFields) { $0.result.ending },
        .rows("functions", "Functions that formulas give the network.", JSONReport.functionFields) {
            $0.result.functions ?? []
        },
        .rows("curve", "By iterations done; null for what was not taken there.", TrainingCurve.fields) {
            TrainingCurve($0.result).rows
        },
        .rows(
            "propagation", "The decomposition on the probe batch, as --measure-every took it.", snapshotFields
        ) { $0.result.propagation },
        .number("seconds", "Wall time of training, in seconds.") { $0.result.seconds },
        .number("measuring_seconds", "The part of it that measuring propagation took.") {
            $0.result.measuringSeconds
        },
    ]

    static let recipeFields: [ReportField<TrainingRecipe>] = [
        .string("preset", "The convention that the recipe began as.") { $0.name },
        .strings("differences", "What is not as in the preset, by the report's names.") {
            RecipeTable($0).differences
        },
        .integer("iterations", "Steps of descent.") { $0.iterations },
        .integer("batch", "Images in an iteration, over all replicas.") { $0.batch },
        .integer("replicas", "Parts of a batch with batch statistics of their own.") {
            $0.optimization.replicas
        },
        .number("learning_rate", "η after the warm-up.") { $0.optimization.schedule.base },
        .integers("milestones", "Iterations, from 0, at which η is multiplied by the factor.") {
            $0.optimization.schedule.milestones
        },
        .number("factor", "Of η at each milestone.") { $0.optimization.schedule.factor },
        .integer("warm_up_iterations", "The first iterations, at a rate of their own.") {
            $0.optimization.schedule.warmUpIterations
        },
        .number("warm_up_rate", "Their η.") { $0.optimization.schedule.warmUpRate },
        .number("momentum", "μ.") { $0.optimization.momentum },
        .word(
            "momentum_rule", "How velocity and rate move a parameter.",
            of: MomentumRule.allCases.map(\.rawValue)
        ) { $0.optimization.rule.rawValue },
        .number("weight_decay", "The factor of θ that joins its gradient.") { $0.optimization.weightDecay },
        .word("decay_scope", "Which parameters decay.", of: DecayScope.allCases.map(\.rawValue)) {
            $0.optimization.decayScope.rawValue
        },
        .number("running_average_weight", "The new batch's, in the statistics of inference.") {
            $0.optimization.runningAverage.weight
        },
        .word(
            "running_variance", "Which variance they average.",
            of: RunningAverage.Variance.allCases.map(\.rawValue)
        ) { $0.optimization.runningAverage.variance.rawValue },
        .integer("translation", "Pixels of padding for random crops.") { $0.augmentation.translation },
        .boolean("flips", "Half of the images are mirrored.") { $0.augmentation.flips },
        .boolean("pads_before_normalization", "The border is black rather than the mean.") {
            $0.augmentation.padsBeforeNormalization
        },
        .string("crop", "How squares are cut out of a folder's images.") { $0.augmentation.crop.word },
    ]

    private static let endingFields: [ReportField<TrainingResult.Ending>] = [
        .word("kind", "How.", of: ["finished", "interrupted", "not_finite", "exploded"]) { ending in
            switch ending {
            case .finished: "finished"
            case .interrupted: "interrupted"
            case .notFinite: "not_finite"
            case .exploded: "exploded"
            }
        },
        .optionalInteger(
            "iteration", "The last one done, or the one that broke off; null of a finished run."
        ) { ending in
            switch ending {
            case .finished: nil
            case .interrupted(let iteration), .notFinite(let iteration, _): iteration
            case .exploded(let explosion): explosion.iteration
            }
        },
        .number("loss", "The mean loss that an exploded run ended with; null of any other.") { ending in
            if case .exploded(let explosion) = ending { explosion.loss } else { nil }
        },
        .number(
            "reference_loss",
            "The larger of ln(classes) and the first iteration's loss, of which an exploded run ends above "
                + "\(Int(Explosion.factor)) times; null of any other."
        ) { ending in
            if case .exploded(let explosion) = ending { explosion.reference } else { nil }
        },
        .optionalInteger("unit", "The first unit whose output is not finite; null unless place is unit.") {
            ending in
            if case .notFinite(_, let place) = ending { place.unit } else { nil }
        },
        .optionalWord(
            "place",
            "What is first not finite: stem, unit (their output), head (the loss) or parameters (after the step)."
        ) { ending in
            guard case .notFinite(_, let place) = ending else { return nil }
            return switch place {
            case .stem: "stem"
            case .unit: "unit"
            case .head: "head"
            case .parameters: "parameters"
            }
        },
    ]

    /// A snapshot's row with its place.
    private struct Place: Sendable {
        let unit: Int
        let row: PropagationSnapshot.Row
    }

    private static let snapshotFields: [ReportField<PropagationSnapshot>] = [
        .integer("iteration", "Iterations done; 0 is the initialisation.") { $0.iteration },
        .rows(
            "units", "One row per x_l, l = 0 … L.",
            [.integer("unit", "l.") { (place: Place) in place.unit }] + rowFields.map { $0.on(\.row) }
        ) { snapshot in snapshot.rows.enumerated().map { Place(unit: $0, row: $1) } },
    ]

    /// Of one x_l of one measurement.
    static let rowFields: [ReportField<PropagationSnapshot.Row>] = [
        .number("gradient_log10", "log10 ‖∂E/∂x_l‖; null where it is 0.") { $0.gradientLog10 },
        .number("direct_log10", "log10 of the shortcuts' part (Eqn. 5, 8); null where it is 0.") {
            $0.directLog10
        },
        .number("through_weights_log10", "log10 of the part that passed through weights.") {
            $0.throughWeightsLog10
        },
        .number("forward_rms", "Root mean square of x_l.") { $0.forwardRMS },
        .number("negative_share", "Share of y_l < 0 that f = ReLU cuts off; null elsewhere.") {
            $0.negativeShare
        },
    ]
}
