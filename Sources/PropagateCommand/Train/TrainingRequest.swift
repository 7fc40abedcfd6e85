import Analysis
import Configuration
import DataSets
import Kernels
import Reporting
import ResidualNetworks
import Tensors
import Training

/// What the options of a training run ask for, with every word resolved and nothing large made yet.
struct TrainingRequest {
    let network: NetworkOptions
    let run: TrainingRunOptions
    let recipe: TrainingRecipe
    let set: TrainingSet
    let design: NetworkDesign
    let initialization: HeInitialization
    let cadence: TrainingCadence

    /// - Parameter examinesFiles: whether a folder's files are opened, or only listed.
    /// - Throws: what `isWrongUsage` tells apart.
    init(
        network: NetworkOptions, recipe options: RecipeOptions, run: TrainingRunOptions,
        examinesFiles: Bool = true
    ) throws {
        var network = network
        // The network's and the recipe's words first: a misspelt one should not wait for a data set.
        let standard = try network.designAlone
        let recipe = try options.chosen(for: run.data)
        try run.requireUse(of: options)
        let convention = NetworkConvention(of: recipe)
        network.stride = network.stride ?? convention.stride
        if network.sizeChange == nil, standard.block.matching == .subsampling {
            network.sizeChange = convention.subsampling
        }
        _ = try recipe.augmentation.crop.rule(side: standard.input.height)
        let set = try TrainingSet.parse(
            run.data, classes: network.classes,
            folder: .init(
                side: standard.input.height, testSide: run.testSize, testShorterSide: run.testScale,
                examination: !examinesFiles ? .names : run.undecodable == .skip ? .whole : .headers))
        if let classes = network.classes, classes < set.classCount {
            throw RequestError.tooFewClasses(classes, source: set.name, needed: set.classCount)
        }
        if let side = network.imageSize, side != set.shape.height {
            throw RequestError.otherImageSize(side, source: set.name, own: set.shape)
        }
        initialization = HeInitialization(
            seed: run.seed, fan: run.initialization, classifier: run.classifier ?? convention.classifier)
        self.run = run
        self.recipe = recipe
        self.set = set
        design = try network.design(
            input: Shape(1, set.shape.channels, set.shape.height, set.shape.width), classes: set.classCount)
        try design.requireCountable(batch: max(recipe.batch, run.probeImages))
        self.network = network
        cadence = run.cadence(of: recipe.iterations)
    }

    /// - Throws: `NetworkError.singleValueStatistics`: a step normalises each replica's part alone, and a measurement the
    ///   probe's images.
    func requireBatchStatistics() throws {
        let probed = cadence.measurement.map { _ in min(run.probeImages, set.training.count) }
        for samples in [testBatch, probed].compactMap(\.self) {
            try design.scarcestNormalization(batch: samples)?.requireSeveralValues()
        }
    }

    /// Makes sure that the derivatives of functions that are not built in are those of their values.
    ///
    /// - Throws: `RequestError.wrongDerivatives`.
    func requireDerivatives() throws {
        let report = try DerivativeCheck(seed: run.seed).report(on: design)
        guard report.holds else { throw RequestError.wrongDerivatives(report.sentences) }
    }

    /// What is possible and hardly meant.
    var warnings: [String] {
        recipe.warnings(side: run.unusedRecipeWords.contains("translation") ? nil : set.shape.height)
    }

    /// Every option with the value that it takes.
    var configuration: [String: String] {
        var words = RecipeOptions.words(for: recipe).merging(design.words(network)) { $1 }
        words.merge([
            "initialization": initialization.fan.rawValue, "classifier": initialization.classifier.rawValue,
            "data": run.data, "undecodable": run.undecodable.rawValue, "seed": String(run.seed),
            "precision": run.precision.rawValue, "threads": String(run.threadCount),
            "log-every": String(cadence.log), "evaluate-every": String(cadence.evaluation),
            "checkpoint-every": String(cadence.checkpoint), "keep": String(run.keep),
            "probe-images": String(run.probeImages),
        ]) { $1 }
        for word in run.unusedRecipeWords { words[word] = nil }
        words["measure-every"] = cadence.measurement.map(String.init)
        words["test-size"] = run.testSize.map(String.init)
        words["test-scale"] = run.testScale.map(String.init)
        return words
    }

    /// The words of the command line that a run's manifest stands for, as it was gone on with last. They say what is
    /// trained and how, and nothing else: where results go is for whoever goes on with the run to say.
    ///
    /// - Throws: `RunFolderError.foreignOption` for one that no manifest is written with.
    static func words(_ manifest: RunManifest, of path: String) throws -> [String] {
        let known = try Set(manifestKeys().map(\.name))
        for option in manifest.resumptions.flatMap(\.options.keys) where !freeOptions.contains(option) {
            throw RunFolderError.foreignOption(path, option: option)
        }
        return try lastOptions(of: manifest).sorted { $0.key < $1.key }.map { name, value in
            guard known.contains(name) else { throw RunFolderError.foreignOption(path, option: name) }
            return "--\(name)=\(value)"
        }
    }

    /// The options of a run with what the processes that went on with it changed.
    private static func lastOptions(of manifest: RunManifest) -> [String: String] {
        manifest.resumptions.reduce(manifest.configuration) { $0.merging($1.options) { $1 } }
    }

    /// The options that a manifest is written with: those of the network, the recipe and the run.
    static func manifestKeys() throws -> [ConfigurationKey] {
        try TrainCommand.keys().filter { TrainCommand.requestSections.contains($0.section) }
    }

    /// Peak memory of the steps, predicted.
    func memory() throws -> TrainingMemory {
        try TrainingMemory(
            design, batch: recipe.batch, replicas: recipe.optimization.replicas, in: run.precision.scalar)
    }

    /// The options that a run may be gone on with in another way: where results go, how fast, how often.
    static let freeOptions: Set<String> = [
        "threads", "log-every", "evaluate-every", "checkpoint-every", "keep", "measure-every", "probe-images",
    ]

    /// Images that are tested at once: as many as are trained on at once.
    var testBatch: Int { max(1, recipe.batch / recipe.optimization.replicas) }

    /// Of a run that begins now, with what was met in decoding images so far.
    var manifest: RunManifest { RunManifest(configuration: configuration, data: set.provenance) }

    /// Of a run that was begun by another process, which its manifest describes, and goes on in this one.
    func manifest(goingOnWith begun: RunManifest, after iteration: Int) -> RunManifest {
        var manifest = begun
        let own = self.manifest
        manifest.data = own.data
        let before = Self.lastOptions(of: begun)
        let changed = own.configuration.filter {
            Self.freeOptions.contains($0.key) && before[$0.key] != $0.value
        }
        manifest.resumptions.append(
            .init(
                command: own.command, version: own.version, commit: own.commit, iteration: iteration,
                threads: run.threadCount, options: changed))
        return manifest
    }

    /// The report of a run that has not begun.
    func emptyResult(parameters: Int) -> TrainingResult {
        TrainingResult(
            configuration: configuration, functions: design.functions, recipe: recipe, seed: run.seed,
            parameters: parameters,
            trainingImages: set.training.count, testImages: set.test.count)
    }
}

extension NetworkDesign {
    /// The words of the options that name it.
    func words(_ options: NetworkOptions) -> [String: String] {
        [
            "depth": String(depth), "shortcut": shortcut.name, "unit": layout.name, "block": block.name,
            "size-change": block.matching.rawValue, "stride": (options.stride ?? .first).rawValue,
            "projection-bn": block.projectionNormalization.rawValue, "architecture": architecture.name,
            "width": String(options.width(in: architecture)),
            "classes": String(classes), "image-size": String(input.height),
        ].merging(words(options.formulaOptions)) { $1 }
    }
}
