import ArgumentParser
import Configuration
import DataSets
import Files
import Kernels
import Limits
import Reporting
import ResidualNetworks
import Tensors
import Training

/// `propagate evaluate`: the errors of a checkpoint's network on images.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Report top-1 and top-5 error of a checkpoint.",
        usage: "propagate evaluate <run> [<options>]",
        discussion: """
            Takes the folder of a run (its newest checkpoint), the folder of one checkpoint, or a safetensors file \
            of weights under our names or torchvision's. Network and data are those that it was trained with unless said otherwise; any of \
            'propagate train's options for them may follow.

              propagate evaluate runs/resnet-110
              propagate evaluate runs/resnet-110/checkpoints/iteration-00032000 --part training
              propagate evaluate runs/resnet-50 --test-size 320 --test-scale 320

            Exit codes: 0 evaluated, 2 could not evaluate or an output is not finite, 64 usage.
            """)

    enum Part: String, ExpressibleByArgument, CaseIterable {
        case test, training
    }

    @Argument(help: ArgumentHelp("Folder of a run or checkpoint, or weights.safetensors.", valueName: "run"))
    var path: String

    @Option(help: ArgumentHelp("test or training images, without augmentation.", valueName: "word"))
    var part = Part.test

    @Option(
        help: ArgumentHelp("Write the errors as JSON, or to standard output with -.", valueName: "file"))
    var json: String?

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Options of train, in place of those stored.", valueName: "options"))
    var words: [String] = []

    mutating func validate() throws {
        try OutputPlaces.requireApart { $0 = places }
    }

    /// Those that the command line names; what the run's data are is known only when it is read.
    private var places: OutputPlaces {
        var places = OutputPlaces()
        places.add(file: json, of: "--json")
        places.add(weights: path)
        return places
    }

    func run() throws {
        try RunOutcome.report {
            let file = try json.map(TextFile.init)
            let weights = try StoredWeights(path: path)
            let request = try request(weights)
            var places = places
            places.add(data: request.run.data)
            try places.requireApart()
            try ComputeTeam.adopt(request.run.threadCount)
            let precision: any KernelScalar.Type = weights.isDouble ? Double.self : Float.self
            let report = try report(weights, request, in: precision)
            try file?.write(report.json)
            if json != "-" { try StandardStream.print(report.terminal(TerminalSurroundings.style)) }
            guard let obstacle = report.obstacle else { return .held }
            StandardStream.complain(obstacle)
            return .undecided
        }
    }

    /// What the stored words and those typed after them ask for.
    private func request(_ weights: StoredWeights) throws -> TrainingRequest {
        let stored = RunConfiguration(try weights.settings(of: TrainingRequest.manifestKeys()))
        let typed = try CommandLineScan(words, keys: TrainCommand.keys())
        if let operand = typed.operands.first { throw EvaluationRefusal.operand(operand) }
        guard !stored.settings.isEmpty || !typed.configuration.settings.isEmpty else {
            throw EvaluationRefusal.unnamedNetwork(weights.path)
        }
        let command: TrainCommand
        do {
            command = try TrainCommand.parse(stored.words + typed.configuration.words)
        } catch {
            throw EvaluationRefusal.impossible(TrainCommand.message(for: error))
        }
        return try TrainingRequest(
            network: command.networkOptions, recipe: command.recipeOptions, run: command.runOptions)
    }

    /// The words of the network and its data, in the precision that the weights are in; how it was trained is the
    /// run's own.
    private func evaluated(_ request: TrainingRequest, _ weights: StoredWeights) -> [String: String] {
        var words = request.design.words(request.network)
        for name in ["data", "undecodable", "test-size", "test-scale", "threads"] {
            words[name] = request.configuration[name]
        }
        words["precision"] = (weights.isDouble ? RunOptions.Precision.double : .single).rawValue
        words["part"] = part.rawValue
        return words
    }

    private func report<Scalar: KernelScalar>(
        _ weights: StoredWeights, _ request: TrainingRequest, in precision: Scalar.Type
    ) throws -> EvaluationReport {
        try weights.match(request.design, in: precision)
        let needed = try TrainingMemory.ofEvaluation(request.design, batch: request.testBatch, in: precision)
        if let available = MemoryAllowance.shortage(for: needed, in: precision) {
            throw EvaluationRefusal.doesNotFit(needed: needed, available: available)
        }
        let state: TrainingState<Scalar> = try weights.state(of: request.design)
        let images = part == .test ? request.set.test : request.set.training
        let evaluation: Evaluation
        do {
            evaluation = try request.set.evaluate(
                state, request.design, on: images, batch: request.testBatch)
        } catch NetworkError.missingStatistics {
            throw EvaluationRefusal.noStatistics(weights.path)
        }
        var data = request.set.provenance
        data.parts = data.parts.filter { $0.role.rawValue == part.rawValue }
        return EvaluationReport(
            weights: weights.path, iteration: weights.iteration, part: part.rawValue,
            side: images.shape.height, evaluation: evaluation,
            functions: request.design.functions,
            manifest: RunManifest(configuration: evaluated(request, weights), data: data))
    }
}

/// Why weights cannot be evaluated as it was asked for.
enum EvaluationRefusal: Error, Equatable, CustomStringConvertible {
    case operand(String)
    case unnamedNetwork(String)
    case impossible(String)
    case noStatistics(String)
    case doesNotFit(needed: Int, available: MemoryAllowance)

    var description: String {
        switch self {
        case .operand(let word): "“\(word)” is not an option; evaluate takes one run at a time."
        case .unnamedNetwork(let path):
            "\(path) does not say of which network it holds the weights: name it with --depth, --unit and the like."
        case .impossible(let reason): reason
        case .doesNotFit(let needed, let available):
            "Evaluating this network needs about \(ByteCount.words(needed)) of memory, and \(available.clause): lower the batch."
        case .noStatistics(let path):
            "\(path) holds no running statistics, which inference needs: it is of a network before its first iteration."
        }
    }
}
