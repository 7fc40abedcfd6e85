import Analysis
import ArgumentParser
import Confirmation
import DataSets
import Foundation
import Kernels
import Reporting
import ResidualNetworks
import Synchronization

/// `propagate confirm`: trains the rows of a table of the paper, and sets what came of it beside what was measured
/// before.
struct ConfirmCommand: ConfigurableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Train the rows of a table of the paper beside what was measured before.",
        usage: "propagate confirm table1|table2|table3 [<options>]",
        discussion: """
            Every row is measured at initialisation and trained with each seed. Finished runs and checkpoints are \
            kept; started again, the same command goes on where it was stopped. The report sets the paper's number, \
            the outcome and the measurement side by side, and says where their order is not the paper's.

              propagate confirm table1 --scale small
              propagate confirm table2 --depth 56 --report folder
              propagate confirm table1 --scale paper --data cifar10:DIR --seeds 5

            Exit codes: 0 trained (the paper's order or not), 2 could not train, 64 usage.
            """)

    @Argument(help: ArgumentHelp("table1, table2 or table3.", valueName: "table"))
    var table: PaperTable

    @OptionGroup(title: "Confirmation") var options: ConfirmOptions
    @OptionGroup(title: "Recipe") var recipeOptions: RecipeOptions
    @OptionGroup(title: OutputOptions.title) var outputOptions: OutputOptions
    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    static var operandNames: [String] { ["table"] }

    mutating func validate() throws {
        if options.searchGateBias, !table.rows.contains(where: { $0.shortcut.hasPrefix("gate-") }) {
            throw ValidationError("\(ConfirmRefusal.noGates(table))")
        }
        // A run of no iteration has no outcome, and the statistics of one image are none.
        try OptionRange.require("--iterations", recipeOptions.iterations, in: 1...100_000_000)
        try OptionRange.require("--batch", recipeOptions.batch, in: 2...1_000_000)
        try OutputPlaces.requireApart { places in
            places.add(folder: storeFolder, of: "--store", .whole)
            places.add(outputOptions)
            places.add(inputFile: configurationOptions.configuration, of: "--configuration")
            places.add(data: options.data)
        }
        do {
            // The scale first: a misspelt word should not wait for a data set.
            _ = try options.chosenScale(recipeOptions)
            let (images, dataSet) = try ConfirmationImages.named(options.data)
            _ = try plan(images, dataSet)
        } catch  where AnalysisRequest.isWrongUsage(error) {
            throw ValidationError("\(error)")
        } catch {}
    }

    func run() throws {
        try RunOutcome.report {
            let (images, dataSet) = try ConfirmationImages.named(options.data)
            let plan = try plan(images, dataSet)
            guard !configurationOptions.printConfiguration else {
                try printConfiguration(
                    RecipeOptions.words(for: plan.scale.recipe).mapValues { [$0] }, after: table.rawValue)
                return .held
            }
            let outputs = try ResultWriter(.confirmation, outputOptions)
            for warning in plan.scale.recipe.warnings(side: images.set.shape.height) {
                StandardStream.tell("Warning: \(warning)")
            }
            // Runs stand side by side, one thread each: networks of this size gain little from a second.
            let jobs = try ComputeTeam.jobs(options.jobCount, threads: 1)
            let run = ConfirmRun(
                store: storeFolder,
                jobs: jobs, isQuiet: outputOptions.quiet)
            let result = try run.result(
                of: plan, heldOut: options.searchGateBias ? try images.holdingOut() : nil)
            try outputs.write(
                ConfirmationReport(result, manifest: manifest(plan, images.set.provenance)))
            return .held
        }
    }

    private var storeFolder: String { options.store ?? "confirm-\(table.rawValue)-\(options.scale)" }

    private func plan(
        _ images: ConfirmationImages, _ dataSet: PaperRow.DataSet
    ) throws -> ConfirmationPlan {
        let scale = try options.chosenScale(recipeOptions)
        return try ConfirmationPlan(
            table, on: dataSet, greatestDepth: options.greatestDepth, scale: scale, seeds: options.allSeeds,
            data: images.data(for: scale.recipe))
    }

    private func manifest(_ plan: ConfirmationPlan, _ data: DataProvenance) -> RunManifest {
        var words = RecipeOptions.words(for: plan.scale.recipe).merging([
            "table": table.rawValue, "scale": plan.scale.name, "data": options.data,
            "seeds": String(options.seeds), "seed": String(options.seed), "jobs": String(options.jobCount),
        ]) { $1 }
        words["depth"] = options.depth.map(String.init)
        words["greatest-depth"] = options.greatestDepth.map(String.init)
        if options.searchGateBias { words["search-gate-bias"] = "true" }
        return RunManifest(configuration: words, data: data)
    }
}

extension PaperTable: ExpressibleByArgument {}
