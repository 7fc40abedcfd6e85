import ArgumentParser
import DataSets
import NumericalMethods
import Training

/// The options that say how a network is trained: a preset, and every number of it.
struct RecipeOptions: ParsableArguments {
    enum Padding: String, ExpressibleByArgument, CaseIterable {
        case black, grey
    }

    enum Answer: String, ExpressibleByArgument, CaseIterable {
        case yes, no
    }

    @Option(
        help: ArgumentHelp(
            """
            What the other options start from: paper, torch (fb.resnet.torch), lua (resnet-1k-layers) or digits; by \
            default what suits the data, or the scale.
            """, valueName: "word"))
    var recipe: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Iterations; milestones and warm-up of the recipe move along.", valueName: "count"))
    var iterations: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Images in a step, over all replicas.", valueName: "count"))
    var batch: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Parts of a batch that are normalised by statistics of their own, as on several GPUs.",
            valueName: "count"))
    var replicas: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Learning rate after the warm-up.", valueName: "number"))
    var learningRate: Double?

    @Option(
        help: ArgumentHelp(
            "Iterations at which the rate is multiplied by --rate-factor, such as 32000,48000, or none.",
            valueName: "list"))
    var milestones: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What the rate is multiplied by at a milestone.", valueName: "number"))
    var rateFactor: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("First iterations, at a rate of their own.", valueName: "count"))
    var warmUp: Int?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Learning rate of the warm-up.", valueName: "number"))
    var warmUpRate: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Momentum.", valueName: "number"))
    var momentum: Double?

    @Option(
        help: ArgumentHelp(
            "rate-in-velocity (the paper's), rate-in-step (Torch's) or nesterov.", valueName: "word"))
    var momentumRule: MomentumRule?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Factor of a parameter that joins its gradient.", valueName: "number"))
    var weightDecay: Double?

    @Option(
        help: ArgumentHelp(
            "all (every parameter) or weights (filters and matrices only).", valueName: "word"))
    var decay: DecayScope?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Weight of a new batch in the running statistics.", valueName: "number"))
    var runningAverage: Double?

    @Option(
        help: ArgumentHelp(
            "Variance that joins the running statistics: biased or unbiased (Torch's).", valueName: "word"))
    var runningVariance: RunningAverage.Variance?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Zero padding from which a crop of the image's size is cut at random; 0 for none.",
            valueName: "pixels"))
    var translation: Int?

    @Option(help: ArgumentHelp("Mirror half of the images: yes or no.", valueName: "word"))
    var flips: Answer?

    @Option(
        help: ArgumentHelp(
            "black (padded before the mean is subtracted) or grey (after it).", valueName: "word"))
    var padding: Padding?

    @Option(
        help: ArgumentHelp(
            """
            How a folder's images are cut to be trained on: scale-jitter[:MIN-MAX], scale-and-aspect or central.
            """, valueName: "word"))
    var crop: String?
}

extension RecipeOptions {
    /// The presets by the words that name them.
    private static let presets: [(word: String, recipe: TrainingRecipe)] = [
        ("paper", .paper), ("torch", .torch), ("lua", .lua), ("digits", .digits),
    ]

    /// The preset with what was said of it in detail.
    ///
    /// - Parameter data: the word that names the training set.
    /// - Throws: `VocabularyError` of a sort, `TrainingError.impossibleRecipe`, `RecipeRefusal`.
    func chosen(for data: String) throws -> TrainingRecipe {
        try chosen(orElse: data.hasPrefix("digits") ? .digits : .paper)
    }

    /// The same with another recipe where no preset is named.
    func chosen(orElse standard: TrainingRecipe) throws -> TrainingRecipe {
        var recipe = try preset ?? standard
        if let iterations { recipe = recipe.stretched(to: iterations) }
        if let batch { recipe.batch = batch }
        try describe(&recipe.optimization)
        try describe(&recipe.augmentation)
        try recipe.validate()
        return recipe
    }

    private var preset: TrainingRecipe? {
        get throws {
            guard let word = recipe else { return nil }
            guard let preset = Self.presets.first(where: { $0.word == word }) else {
                let known = Self.presets.map(\.word)
                throw RecipeRefusal.unknownRecipe(
                    word, known: known, closest: ClosestMatch.find(word, in: known))
            }
            return preset.recipe
        }
    }

    private func describe(_ optimization: inout Optimization) throws {
        if let replicas { optimization.replicas = replicas }
        if let learningRate { optimization.schedule.base = learningRate }
        if let milestones { optimization.schedule.milestones = try Self.iterations(in: milestones) }
        if let rateFactor { optimization.schedule.factor = rateFactor }
        if let warmUp { optimization.schedule.warmUpIterations = warmUp }
        if let warmUpRate { optimization.schedule.warmUpRate = warmUpRate }
        if let momentum { optimization.momentum = momentum }
        if let momentumRule { optimization.rule = momentumRule }
        if let weightDecay { optimization.weightDecay = weightDecay }
        if let decay { optimization.decayScope = decay }
        if let runningAverage { optimization.runningAverage.weight = runningAverage }
        if let runningVariance { optimization.runningAverage.variance = runningVariance }
    }

    private func describe(_ augmentation: inout Augmentation) throws {
        if let translation { augmentation.translation = translation }
        if let flips { augmentation.flips = flips == .yes }
        if let padding { augmentation.padsBeforeNormalization = padding == .black }
        guard let word = crop else { return }
        guard let crop = RandomCrop(word: word) else { throw RecipeRefusal.unknownCrop(word) }
        augmentation.crop = crop
    }

    private static func iterations(in list: String) throws -> [Int] {
        if list == "none" { return [] }
        return try list.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let iteration = Int(word), iteration >= 0 else { throw RecipeRefusal.noMilestone(list) }
            return iteration
        }
    }

    /// The words for every number of a recipe, by the options' names.
    static func words(for recipe: TrainingRecipe) -> [String: String] {
        let (optimization, augmentation) = (recipe.optimization, recipe.augmentation)
        let schedule = optimization.schedule
        return [
            "recipe": presets.first { $0.recipe.name == recipe.name }?.word ?? recipe.name,
            "iterations": String(recipe.iterations), "batch": String(recipe.batch),
            "replicas": String(optimization.replicas), "learning-rate": String(schedule.base),
            "milestones": schedule.milestones.isEmpty
                ? "none" : schedule.milestones.map(String.init).joined(separator: ","),
            "rate-factor": String(schedule.factor), "warm-up": String(schedule.warmUpIterations),
            "warm-up-rate": String(schedule.warmUpRate), "momentum": String(optimization.momentum),
            "momentum-rule": optimization.rule.rawValue, "weight-decay": String(optimization.weightDecay),
            "decay": optimization.decayScope.rawValue,
            "running-average": String(optimization.runningAverage.weight),
            "running-variance": optimization.runningAverage.variance.rawValue,
            "translation": String(augmentation.translation),
            "flips": (augmentation.flips ? Answer.yes : .no).rawValue,
            "padding": (augmentation.padsBeforeNormalization ? Padding.black : .grey).rawValue,
            "crop": augmentation.crop.word,
        ]
    }
}

/// Why words make no recipe.
enum RecipeRefusal: Error, Equatable, CustomStringConvertible {
    case unknownRecipe(String, known: [String], closest: String?)
    case unknownCrop(String)
    case noMilestone(String)

    var description: String {
        switch self {
        case .unknownRecipe(let word, let known, let closest):
            "Unknown recipe “\(word)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        case .unknownCrop(let word):
            "Unknown crop “\(word)”. Known are: \(RandomCrop.words.joined(separator: ", "))."
        case .noMilestone(let list):
            "--milestones takes iterations in order, such as 32000,48000, or none, not “\(list)”."
        }
    }
}

extension MomentumRule: ExpressibleByArgument {}
extension DecayScope: ExpressibleByArgument {}
extension RunningAverage.Variance: ExpressibleByArgument {}
