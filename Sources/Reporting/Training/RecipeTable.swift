import DataSets
import Training

/// Every number of a recipe beside that of the preset it began as, and what it means.
struct RecipeTable: Sendable {
    struct Row: Sendable, Equatable {
        let name: String
        let value: String
        /// The preset's; `nil` where no preset of the name is known.
        let preset: String?
        let meaning: String

        /// Was chosen otherwise than in the preset.
        var differs: Bool { preset.map { $0 != value } ?? false }
    }

    let rows: [Row]
    let presetName: String

    init(_ recipe: TrainingRecipe) {
        presetName = recipe.name
        let preset = TrainingRecipe.presets.first { $0.name == recipe.name }.map(RecipeTable.entries)
        rows = RecipeTable.entries(recipe).enumerated().map { index, entry in
            Row(name: entry.name, value: entry.value, preset: preset?[index].value, meaning: entry.meaning)
        }
    }

    /// Names of the numbers that are not the preset's.
    var differences: [String] { rows.filter(\.differs).map(\.name) }

    /// Which convention was used, in a sentence.
    var convention: String {
        guard let origin = RecipeTable.origins[presetName] else {
            return "The recipe is named \(presetName), which is none of the presets."
        }
        return differences.isEmpty
            ? "The recipe is the preset \(presetName), \(origin), in every number."
            : "The recipe began as the preset \(presetName), \(origin). "
                + "Other than there: \(differences.joined(separator: ", "))."
    }

    private static let origins = [
        TrainingRecipe.paper.name: "the paper’s own on CIFAR (Section 4 and appendix)",
        TrainingRecipe.torch.name: "that of the widely used Torch code (facebook/fb.resnet.torch)",
        TrainingRecipe.lua.name: "that of the authors’ Lua release (KaimingHe/resnet-1k-layers)",
        TrainingRecipe.digits.name: "made for the embedded digits",
    ]

    private typealias Entry = (name: String, value: String, meaning: String)

    private static func entries(_ recipe: TrainingRecipe) -> [Entry] {
        schedule(recipe) + descent(recipe.optimization) + statistics(recipe) + images(recipe)
    }

    private static func schedule(_ recipe: TrainingRecipe) -> [Entry] {
        let schedule = recipe.optimization.schedule
        let isConstant = schedule.milestones.isEmpty
        let warms = schedule.warmUpIterations > 0
        return [
            ("iterations", Quantity.grouped(recipe.iterations), "steps of descent"),
            ("learning rate", number(schedule.base), "η after the warm-up"),
            (
                "milestones",
                isConstant ? "none" : schedule.milestones.map(Quantity.grouped).joined(separator: "; "),
                isConstant
                    ? "the rate is never lowered" : "iterations at which η is multiplied by the factor"
            ),
            ("factor", number(schedule.factor), "of η at each milestone"),
            (
                "warm-up",
                warms
                    ? "\(Quantity.counted(schedule.warmUpIterations, "iteration")) at \(number(schedule.warmUpRate))"
                    : "none",
                warms
                    ? "η of the first iterations, before the learning rate above"
                    : "the first iteration has the learning rate above"
            ),
        ]
    }

    private static func descent(_ optimization: Optimization) -> [Entry] {
        [
            (
                "momentum", number(optimization.momentum),
                "μ, the share of the velocity v that an iteration keeps"
            ),
            ("momentum rule", optimization.rule.rawValue, meaning(optimization.rule)),
            (
                "weight decay", number(optimization.weightDecay),
                "the factor of θ that joins its gradient: s = ∂E/∂θ + decay · θ"
            ),
            (
                "decay of", optimization.decayScope.rawValue,
                optimization.decayScope == .all
                    ? "every parameter decays, γ, β and biases included, as the paper has it"
                    : "filters and matrices decay; γ, β and biases do not"
            ),
        ]
    }

    private static func statistics(_ recipe: TrainingRecipe) -> [Entry] {
        let optimization = recipe.optimization
        let parts = optimization.replicas
        return [
            ("batch", Quantity.grouped(recipe.batch), "images in an iteration, over all replicas"),
            (
                "replicas", String(parts),
                parts > 1
                    ? "parts of a batch with batch statistics of their own, as on several GPUs: \(parts) of "
                        + Quantity.counted(recipe.batch / parts, "image")
                    : "the whole batch shares its batch statistics"
            ),
            (
                "running average", number(optimization.runningAverage.weight),
                "the weight of the new batch in the statistics that inference uses"
            ),
            (
                "running variance", optimization.runningAverage.variance.rawValue,
                optimization.runningAverage.variance == .biased
                    ? "the batch’s own variance, Σ(x − mean)²/n"
                    : "Torch’s estimate of the population’s, Σ(x − mean)²/(n − 1)"
            ),
        ]
    }

    private static func images(_ recipe: TrainingRecipe) -> [Entry] {
        [
            (
                "translation", String(recipe.augmentation.translation),
                recipe.augmentation.translation > 0
                    ? "pixels of padding, from which a crop of the image’s size is cut at random"
                    : "images are not moved"
            ),
            (
                "flips", recipe.augmentation.flips ? "yes" : "no",
                recipe.augmentation.flips ? "half of the images are mirrored" : "images are not mirrored"
            ),
            (
                "padding",
                recipe.augmentation.padsBeforeNormalization ? "before normalisation" : "after normalisation",
                recipe.augmentation.padsBeforeNormalization
                    ? "the border is black: 0 before the mean is subtracted"
                    : "the border is the mean: 0 after the mean is subtracted"
            ),
            ("crop", recipe.augmentation.crop.word, meaning(recipe.augmentation.crop)),
        ]
    }

    private static func meaning(_ crop: RandomCrop) -> String {
        switch crop {
        case .scaleJitter:
            "of a folder’s images: the shorter side is brought to a random length, a square cut out anywhere"
        case .scaleAndAspect: "of a folder’s images: a rectangle of random area and aspect ratio"
        case .central: "of a folder’s images: the centre"
        }
    }

    private static func meaning(_ rule: MomentumRule) -> String {
        switch rule {
        case .rateInVelocity:
            "v ← μv + η·s, θ ← θ − v, the paper’s: after a drop of η, velocity gathered before still counts at "
                + "the old rate"
        case .rateInStep:
            "v ← μv + s, θ ← θ − η·v, Torch’s: a drop of η acts on the whole velocity at once"
        case .nesterov:
            "v ← μv + s, θ ← θ − η·(s + μv), Torch’s form of Nesterov’s momentum: the step looks one velocity ahead"
        }
    }

    private static func number(_ value: Double) -> String { NumberStyle.significant(3).trimmed(value) }
}
