import Analysis
import ArgumentParser
import Configuration
import DataSets
import Foundation
import Kernels
import Limits
import Reporting
import ResidualNetworks
import Tensors
import Training

/// `propagate train`: trains a network by the paper's recipe or another, and keeps all that it learns of it.
struct TrainCommand: ConfigurableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a network, and watch how its gradient travels meanwhile.",
        usage: "propagate train [<options>]",
        discussion: """
            A run is a folder: its manifest, the training curve (curve.csv), event files for TensorBoard, the last \
            checkpoints, and at the end the report. The same command, or --resume with the folder, goes on with a \
            run that was stopped or killed, and ends with the same weights, bit by bit, as one that never was. \
            Ctrl-C writes a checkpoint and leaves.

              propagate train --depth 20 --data digits8 --iterations 200
              propagate train --recipe paper --data cifar10:DIR --run runs/resnet-110
              propagate train --depth 110 --shortcut scale0.5 --data digits8 --measure-every 50
              propagate train --resume runs/resnet-110

            Exit codes: 0 trained, 1 the loss exploded or stopped being finite, 2 could not train or test, 64 usage; \
            130, 143 and 129 stopped by a signal, with a checkpoint.
            """)

    @OptionGroup(title: requestSections[0]) var networkOptions: NetworkOptions
    @OptionGroup(title: requestSections[1]) var recipeOptions: RecipeOptions
    @OptionGroup(title: requestSections[2]) var runOptions: TrainingRunOptions

    /// Headings of the options that say what is trained and how.
    static let requestSections = [NetworkOptions.title, "Recipe", "Run"]

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Folder of the run, by default runs/ and the network's words.", valueName: "dir"))
    var runFolder: String?

    @Option(help: ArgumentHelp("Go on with the run in a folder, with its own options.", valueName: "dir"))
    var resume: String?

    @OptionGroup(title: OutputOptions.title) var outputOptions: OutputOptions
    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    mutating func validate() throws {
        guard resume == nil || runFolder == nil else {
            throw ValidationError(
                "--run names the folder of a new run, --resume that of an old one: not both.")
        }
        try OutputPlaces.requireApart { places in
            places.add(run: resume ?? runFolder ?? standardFolder, of: resume == nil ? "--run" : "--resume")
            places.add(outputOptions)
            places.add(inputFile: configurationOptions.configuration, of: "--configuration")
            places.add(data: runOptions.data)
        }
        do {
            try TrainingRequest(
                network: networkOptions, recipe: recipeOptions, run: runOptions, examinesFiles: false
            ).requireBatchStatistics()
        } catch  where AnalysisRequest.isWrongUsage(error) {
            throw ValidationError("\(error)")
        } catch {
            // A file that cannot be read is no wrong usage: `run` meets it again.
        }
    }

    func run() throws {
        if let resume { return try resumed(resume).train(resume) }
        try train(runFolder ?? standardFolder)
    }

    /// The command that a run was started with, and what was typed now after it.
    private func resumed(_ path: String) throws -> TrainCommand {
        do {
            guard let manifest = try RunFolder.manifest(in: path) else { throw RunFolderError.noRun(path) }
            let stored = try TrainingRequest.words(manifest.run, of: path)
            // With --resume, so that outputs are held against the folder and the data of this run.
            let typed = try CommandLineScan(
                Invocation.current.get().options, keys: Self.keys() + ConfigurationOptions.keys)
            return try TrainCommand.parse(stored + typed.configuration.words)
        } catch {
            let isOfManifest = error is RunFolderError || error is ManifestFileError
            StandardStream.complain(isOfManifest ? "\(error)" : Self.message(for: error))
            throw ExitCode.couldNotMeasure
        }
    }

    /// Such as `runs/full-preact-110-identity-digits-seed0`.
    private var standardFolder: String {
        let words =
            [networkOptions.unit, String(networkOptions.depth), networkOptions.shortcut]
            + networkOptions.formulaOptions.said + [
                String(runOptions.data.prefix { $0 != ":" }), "seed\(runOptions.seed)",
            ]
        let name = words.joined(separator: "-")
        // What shells and file systems read as something else.
        return "runs/" + String(name.map { $0.isWhitespace || "/*?()[]<>|&;$'\"".contains($0) ? "_" : $0 })
    }

    private func train(_ path: String) throws {
        try RunOutcome.report {
            let request = try TrainingRequest(
                network: networkOptions, recipe: recipeOptions, run: runOptions)
            guard !configurationOptions.printConfiguration else {
                try printConfiguration(request.configuration.mapValues { [$0] })
                return .held
            }
            try ComputeTeam.adopt(request.run.threadCount)
            let memory = try request.memory()
            try memory.requireToFit()
            try request.requireDerivatives()
            let outputs = try ResultWriter(.training, outputOptions)
            if !outputOptions.quiet {
                for note in request.set.provenance.notes { StandardStream.tell(note) }
            }
            for warning in request.warnings { StandardStream.tell("Warning: \(warning)") }
            let folder = try RunFolder(path: path)
            let isQuiet = outputOptions.quiet || outputOptions.ownsStandardOutput
            if !isQuiet {
                StandardStream.tell(
                    "\(path): memory \(ByteCount.words(memory.total)) at its peak"
                        + (memory.checkpointing.words.map { ", \($0)." } ?? "."))
            }
            let run = TrainingRun(
                request: request, folder: folder, checkpointing: memory.checkpointing, isQuiet: isQuiet)
            let (result, manifest) = try run.run(in: runOptions.precision.scalar)
            let report = TrainingReport(
                result, manifest: manifest, resumption: ["propagate", "train", "--resume", path])
            try folder.write(report)
            try outputs.write(report)
            return try outcome(of: report, in: folder)
        }
    }

    private func outcome(of report: TrainingReport, in folder: RunFolder) throws -> RunOutcome {
        if let sentence = report.untestable { StandardStream.complain(sentence) }
        switch report.result.ending {
        case .finished: return report.untestable == nil ? .held : .undecided
        case .notFinite(let iteration, let place):
            let kept = CheckpointFolder(ofRun: folder.path).iterations.last
            StandardStream.complain(
                "\(TrainingError.notFinite(iteration: iteration, place)) "
                    + (kept.map { "The checkpoint after iteration \($0) is kept in \(folder.path)." }
                        ?? "There was no checkpoint before it."))
            return .failed
        case .exploded(let explosion):
            StandardStream.complain(TrainingReport.sentence(for: explosion))
            return .failed
        case .interrupted:
            return .stopped(bySignal: StopRequest.signal ?? SIGINT)
        }
    }
}
