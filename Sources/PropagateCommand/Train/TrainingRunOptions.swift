import ArgumentParser
import Foundation
import Kernels
import ResidualNetworks

/// The options that say on what and how precisely a network is trained, and what is noted down meanwhile.
struct TrainingRunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            digits (32 × 32), digits8 (8 × 8), noise, cifar10:DIR, cifar100:DIR or folder:DIR (DIR/train/class/*.png, \
            DIR/val/class/*.png).
            """, valueName: "word"))
    var data = "digits"

    @Option(help: UndecodableFiles.help)
    var undecodable = UndecodableFiles.refuse

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Side of the central squares that a folder is tested on, by default that trained on.",
            valueName: "pixels"))
    var testSize: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What the shorter side of a folder's image is brought to before, by default 8/7 of that.",
            valueName: "pixels"))
    var testScale: Int?

    @Option(
        help: ArgumentHelp(
            "Filters start at N(0, 2/fan): fan-out (the paper's) or fan-in.", valueName: "word"))
    var initialization = HeInitialization.Fan.out

    @Option(
        help: ArgumentHelp(
            "Classifier starts at normal, N(0, 1/fan-in), or uniform, U(±1/√fan-in): by default the recipe's.",
            valueName: "word"))
    var classifier: HeInitialization.Classifier?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed of weights, order, augmentation and masks.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("single (oneDNN) or double (OpenBLAS).", valueName: "word"))
    var precision = RunOptions.Precision.single

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Compute threads; all processors by default.", valueName: "count"))
    var threads: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Iterations from one point of the training curve to the next, by default a hundredth of the run.",
            valueName: "count"))
    var logEvery: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Iterations from one test to the next, by default a twentieth of the run.", valueName: "count"))
    var evaluateEvery: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Iterations from one checkpoint to the next, by default a fiftieth of the run, at least 20.",
            valueName: "count"))
    var checkpointEvery: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("Checkpoints that are kept.", valueName: "count"))
    var keep = 3

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Decompose ∂E/∂x_l on the probe images every so many iterations, and before the first.",
            valueName: "count"))
    var measureEvery: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Training images on which signals are measured.", valueName: "count"))
    var probeImages = 16

    var threadCount: Int { threads ?? ComputeTeam.standard }

    mutating func validate() throws {
        try OptionRange.require("--test-size", testSize, in: 1...4096)
        try OptionRange.require("--test-scale", testScale, in: 1...8192)
        try OptionRange.require("--threads", threads, in: 1...1024)
        for (option, value) in [
            ("--log-every", logEvery), ("--evaluate-every", evaluateEvery),
            ("--checkpoint-every", checkpointEvery), ("--measure-every", measureEvery),
        ] {
            try OptionRange.require(option, value, in: 1...1_000_000_000)
        }
        try OptionRange.require("--keep", keep, in: 1...1_000_000)
        try OptionRange.require("--probe-images", probeImages, in: 1...1_000_000)
    }

    private var readsFolder: Bool { data.hasPrefix("folder:") }

    /// Options of a recipe that say nothing of these data: a folder's images are cut by its crop rule, others moved.
    var unusedRecipeWords: [String] { readsFolder ? ["translation", "flips", "padding"] : ["crop"] }

    /// - Throws: `UnusedOption` for one that was given and would change nothing.
    func requireUse(of recipe: RecipeOptions) throws {
        let given: [(option: String, isGiven: Bool)] =
            readsFolder
            ? [
                ("translation", recipe.translation != nil), ("flips", recipe.flips != nil),
                ("padding", recipe.padding != nil),
            ]
            : [
                ("crop", recipe.crop != nil), ("test-size", testSize != nil),
                ("test-scale", testScale != nil),
            ]
        for (option, isGiven) in given where isGiven {
            throw UnusedOption(option: option, data: data, isForFolders: !readsFolder)
        }
    }

    /// How often what is noted down, of so many iterations.
    func cadence(of iterations: Int) -> TrainingCadence {
        TrainingCadence(
            iterations: iterations, log: logEvery ?? max(1, iterations / 100),
            evaluation: evaluateEvery ?? max(1, iterations / 20),
            checkpoint: checkpointEvery ?? max(min(20, iterations), iterations / 50),
            measurement: measureEvery)
    }
}

/// An option that would change nothing.
struct UnusedOption: Error, Equatable, CustomStringConvertible {
    let option: String
    let data: String
    let isForFolders: Bool

    var description: String {
        isForFolders
            ? "--\(option) is of use with --data folder:DIR alone, and changes nothing with \(data)."
            : "--\(option) changes nothing with \(data): a folder's images are cut by --crop, and mirrored."
    }
}

extension HeInitialization.Fan: ExpressibleByArgument {}
extension HeInitialization.Classifier: ExpressibleByArgument {}

/// Iterations between what is noted down of a training run.
struct TrainingCadence: Sendable {
    let iterations: Int
    let log: Int
    let evaluation: Int
    let checkpoint: Int
    /// `nil` where nothing is measured.
    let measurement: Int?

    /// Whether something that comes every `interval` iterations, and at the end, comes after this one.
    func isDue(_ interval: Int, after iteration: Int) -> Bool {
        iteration % interval == 0 || iteration == iterations
    }

    /// The same for propagation.
    func measures(after iteration: Int) -> Bool {
        measurement.map { isDue($0, after: iteration) } ?? false
    }
}
