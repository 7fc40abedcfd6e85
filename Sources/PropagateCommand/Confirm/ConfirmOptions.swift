import ArgumentParser
import Confirmation
import Foundation
import NumericalMethods

/// The options that say which rows of a table are trained, at which scale, and where what is done is kept.
struct ConfirmOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "standard (digits of 8 × 8, the paper's depths), small (20 layers, a few minutes) or paper (CIFAR).",
            valueName: "word"))
    var scale = ConfirmationScale.standard.name

    @Option(
        help: ArgumentHelp(
            "digits8 (8 × 8), digits (32 × 32), cifar10:DIR or cifar100:DIR.", valueName: "word"))
    var data = "digits8"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Weighted layers of every row, in place of the paper's.", valueName: "count"))
    var depth: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Leave out the rows that are deeper.", valueName: "count"))
    var greatestDepth: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs of a row; the paper has five.", valueName: "count"))
    var seeds = 3

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The first seed.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs at the same time; one a processor by default.", valueName: "count"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Folder that keeps what is done, by default named for the table and the scale.",
            valueName: "dir"))
    var store: String?

    @Flag(
        help: "Try gate biases 0 … −10 on a held-out part of the training set, and train the best ones too.")
    var searchGateBias = false

    var jobCount: Int { jobs ?? ComputeTeam.standard }

    /// From the first on, around the end of the numbers if need be.
    var allSeeds: [UInt64] { (0..<UInt64(seeds)).map { seed &+ $0 } }

    mutating func validate() throws {
        try OptionRange.require("--depth", depth, in: 1...100_000)
        try OptionRange.require("--greatest-depth", greatestDepth, in: 1...100_000)
        try OptionRange.require("--seeds", seeds, in: 1...10_000)
        try OptionRange.require("--jobs", jobs, in: 1...1024)
    }

    /// The scale with what was said of it in detail.
    func chosenScale(_ recipe: RecipeOptions) throws -> ConfirmationScale {
        let known = ConfirmationScale.all
        guard var chosen = known.first(where: { $0.name == scale }) else {
            throw ConfirmRefusal.unknownScale(
                scale, closest: ClosestMatch.find(scale, in: known.map(\.name)))
        }
        if chosen.name == ConfirmationScale.paper.name, !data.hasPrefix("cifar") {
            throw ConfirmRefusal.paperNeedsCIFAR
        }
        chosen.recipe = try recipe.chosen(orElse: chosen.recipe)
        if let depth { chosen.depth = depth }
        return chosen
    }
}
