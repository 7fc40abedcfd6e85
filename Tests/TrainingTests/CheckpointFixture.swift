import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors

@testable import Training

/// A small run to keep checkpoints of: a few units, three classes, another batch every iteration.
struct CheckpointFixture<Scalar: KernelScalar> {
    var design = NetworkDesign(
        block: .basic, unitsPerStage: 1, shortcut: DropoutShortcut(dropProbability: 0.3), baseWidth: 4,
        classes: 3, input: Shape(1, 3, 8, 8))
    var replicas = 2

    func step() throws -> TrainingStep<Scalar> {
        try TrainingStep(
            design,
            Optimization(
                schedule: LearningRateSchedule(base: 0.1, milestones: [4], warmUpIterations: 1),
                decayScope: .weights, replicas: replicas),
            seed: 5)
    }

    /// The same for the same iteration.
    func batch(_ iteration: Int) -> TrainingBatch<Scalar> {
        let shape = Shape(4, 3, 8, 8)
        let pixels = FormulaParameters.spread(
            "pixels.\(iteration)", count: shape.count, center: 0, width: 1.5)
        return TrainingBatch(pixels: pixels.map { Float($0) }, shape: shape, labels: [0, 1, 2, 0])
    }

    func start() throws -> TrainingState<Scalar> {
        try TrainingState(design, from: HeInitialization(seed: 5))
    }

    /// Advances a state to an iteration.
    func advance(_ state: inout TrainingState<Scalar>, to iteration: Int) throws {
        let step = try step()
        while state.iteration < iteration { _ = try step.advance(&state, on: batch(state.iteration)) }
    }

    func checkpoint(after iteration: Int) throws -> Checkpoint<Scalar> {
        var state = try start()
        try advance(&state, to: iteration)
        return Checkpoint(state: state, result: Self.result)
    }

    static var result: TrainingResult {
        var recipe = TrainingRecipe.paper
        recipe.optimization.schedule.base = 0.1 + 0.2
        return TrainingResult(
            configuration: ["shortcut": "dropout0.3", "data": "digits \"8×8\""], recipe: recipe, seed: .max,
            parameters: 1234, trainingImages: 100, testImages: 20,
            curve: [TrainingPoint(iteration: 1, learningRate: 0.01, loss: 1 / 3, error: 0.5)],
            evaluations: [EvaluationPoint(iteration: 1, evaluation: Evaluation())],
            propagation: [
                PropagationSnapshot(
                    iteration: 0,
                    rows: [
                        PropagationSnapshot.Row(
                            gradientLog10: -0.1, directLog10: nil, throughWeightsLog10: 1e-300,
                            forwardRMS: .pi, negativeShare: nil)
                    ])
            ],
            ending: .interrupted(iteration: 1), seconds: 12.345678901234567)
    }
}

/// Every number of a state to the bit, by name.
struct StateBits: Equatable {
    var iteration: Int
    var numbers: [String: [UInt64]] = [:]
    var roles: [String: ParameterRole] = [:]

    init<Scalar: KernelScalar>(_ state: TrainingState<Scalar>) {
        iteration = state.iteration
        for entry in state.parameters.entries {
            // A Double holds every Float, signed zeros included.
            numbers[entry.name] = entry.values.elements.map { Double($0).bitPattern }
            numbers[entry.name + ".velocity"] = entry.velocity.elements.map { Double($0).bitPattern }
            roles[entry.name] = entry.role
        }
        for (name, channels) in state.statistics {
            numbers[name + ".mean"] = channels.mean.map(\.bitPattern)
            numbers[name + ".variance"] = channels.variance.map(\.bitPattern)
        }
    }
}

extension TemporaryDirectory {
    /// All files below a folder, with their bytes.
    func contents(of folder: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            let path = folder + "/" + name
            guard !FileManager.default.isDirectory(path) else { continue }
            contents[name] = try Data(contentsOf: URL(filePath: path))
        }
        return contents
    }
}

extension FileManager {
    func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
