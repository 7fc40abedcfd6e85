import Foundation
import Kernels
import ResidualNetworks
import Safetensors
import Tensors
import Testing

@testable import Training

@Suite("Weights of other networks")
struct CheckpointArchitectureTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    private func stored(_ fixture: CheckpointFixture<Float>) throws -> StoredCheckpoint {
        let folder = CheckpointFolder(ofRun: temporary.path)
        try folder.write(fixture.checkpoint(after: 1))
        return try #require(try folder.newest())
    }

    private func difference(
        _ stored: StoredCheckpoint, from design: NetworkDesign
    ) throws -> (tensor: String, TensorDifference)? {
        do {
            _ = try stored.checkpoint(of: design, as: Float.self)
            return nil
        } catch CheckpointError.otherArchitecture(let path, let tensor, let difference) {
            #expect(path == stored.path)
            return (tensor, difference)
        }
    }

    /// The first tensor that differs, in the order of computation.
    @Test func firstDifferenceIsNamed() throws {
        let fixture = CheckpointFixture<Float>()
        let stored = try stored(fixture)
        #expect(try difference(stored, from: fixture.design) == nil)

        var wider = fixture.design
        wider.baseWidth = 8
        var found = try #require(try difference(stored, from: wider))
        #expect(found.tensor == "stem.conv.weight")
        #expect(found.1 == .dimensions(stored: [4, 3, 3, 3], needed: [8, 3, 3, 3]))

        var classes = fixture.design
        classes.classes = 5
        found = try #require(try difference(stored, from: classes))
        #expect(found.tensor == "head.fc.weight")
        #expect(found.1 == .dimensions(stored: [3, 16], needed: [5, 16]))

        // Unit 1 changes size and width here, and unit 1 of two units a stage does not.
        var deeper = fixture.design
        deeper.unitsPerStage = [2, 2, 2]
        found = try #require(try difference(stored, from: deeper))
        #expect(found.tensor == "units.1.branch.conv1.weight")
        #expect(found.1 == .dimensions(stored: [8, 4, 3, 3], needed: [4, 4, 3, 3]))

        var bottleneck = fixture.design
        bottleneck.block = .bottleneck
        found = try #require(try difference(stored, from: bottleneck))
        #expect(found.tensor == "units.0.branch.conv1.weight")
        #expect(found.1 == .dimensions(stored: [4, 4, 3, 3], needed: [4, 4, 1, 1]))

        var gated = fixture.design
        gated.shortcut = ExclusiveGateShortcut(bias: 0)
        found = try #require(try difference(stored, from: gated))
        #expect(found.tensor.hasPrefix("units.0.") && found.1 == .missing, "\(found)")

        // Nothing is missing; the first unit too many is named, not the head that is as it was.
        var shallower = fixture.design
        shallower.architecture = TwoStages()
        shallower.unitsPerStage = [1, 1]
        found = try #require(try difference(stored, from: shallower))
        #expect(found.tensor == "head.bn.weight")
        #expect(found.1 == .dimensions(stored: [16], needed: [8]))
    }

    /// Every tensor that is needed is there, and more: the first of these, with units counted as numbers.
    @Test func unexpectedTensorsAreNamed() throws {
        var fixture = CheckpointFixture<Float>()
        let identity = fixture.design
        fixture.design.shortcut = ConvolutionShortcut()
        let stored = try stored(fixture)
        let found = try #require(try difference(stored, from: identity))
        #expect(found.tensor.hasPrefix("units.0.shortcut"), "\(found.tensor)")
        #expect(found.1 == .unexpected)
    }

    @Test func otherPrecisionIsNoContinuation() throws {
        let fixture = CheckpointFixture<Float>()
        let stored = try stored(fixture)
        #expect(
            throws: CheckpointError.otherArchitecture(
                stored.path, tensor: "stem.conv.weight", .type(stored: "F32", needed: "F64"))
        ) { try stored.checkpoint(of: fixture.design, as: Double.self) }
    }

    @Test func sentencesNameTheTensor() {
        let sentences = [
            CheckpointError.otherArchitecture("run", tensor: "units.7.branch.conv1.weight", .missing),
            .otherArchitecture(
                "run", tensor: "head.fc.weight", .dimensions(stored: [10, 64], needed: [3, 64])),
            .otherConfiguration("run", setting: "recipe.batch", stored: "128", asked: "64"),
        ].map(\.description)
        #expect(
            sentences == [
                "run holds the weights of another network: it has no units.7.branch.conv1.weight.",
                "run holds the weights of another network: head.fc.weight has the dimensions [10, 64], and this "
                    + "network needs [3, 64].",
                "run belongs to another training run: its recipe.batch is 128, and 64 was asked for.",
            ])
    }

    /// As an analysis exports them and as another framework saves them: parameters and statistics in one precision.
    @Test func parametersAloneAreAStart() throws {
        let fixture = CheckpointFixture<Float>()
        let trained = try fixture.checkpoint(after: 2).state
        var tensors = trained.parameters.entries.map {
            SafetensorsTensor($0.name, shape: $0.dimensions, $0.values.elements)
        }
        for (name, channels) in trained.statistics {
            let count = [channels.mean.count]
            tensors.append(
                SafetensorsTensor(name + ".running_mean", shape: count, channels.mean.map { Float($0) }))
            tensors.append(
                SafetensorsTensor(name + ".running_var", shape: count, channels.variance.map { Float($0) }))
            tensors.append(SafetensorsTensor(name + ".num_batches_tracked", shape: [], [Int64(7)]))
        }
        let path = temporary.file("exported.safetensors")
        try SafetensorsWriter.write(tensors, metadata: ["shortcut": "dropout0.3"], to: path)
        let weights = try StoredWeights(path: path)
        #expect(weights.configuration == ["shortcut": "dropout0.3"])
        #expect(!weights.isDouble)
        let single: TrainingState<Float> = try weights.state(of: fixture.design)
        let double: TrainingState<Double> = try weights.state(of: fixture.design)
        #expect(single.iteration == 0)
        for (a, b) in zip(single.parameters.entries, double.parameters.entries) {
            let expected = try #require(trained.parameters[a.name]?.values.elements)
            #expect(a.values.elements == expected)
            #expect(b.values.elements == expected.map(Double.init))
            #expect(a.velocity.elements.allSatisfy { $0 == 0 })
        }
        #expect(single.statistics.keys.sorted() == trained.statistics.keys.sorted())
        #expect(
            single.statistics["head.bn"]?.variance
                == trained.statistics["head.bn"]?.variance.map { Double(Float($0)) })
        // It can be evaluated and trained on.
        let evaluation = try single.evaluate(fixture.design, on: [fixture.batch(0)])
        #expect(evaluation.count == 4 && evaluation.loss.isFinite)
        var further = single
        try fixture.advance(&further, to: 1)
        #expect(further.iteration == 1)
    }

    /// Taken out of a checkpoint, the weights alone still serve, at rest.
    @Test func weightsOfACheckpointAreParametersToo() throws {
        let fixture = CheckpointFixture<Float>()
        let stored = try stored(fixture)
        let moved = temporary.file("moved.safetensors")
        try FileManager.default.copyItem(atPath: stored.path + "/weights.safetensors", toPath: moved)
        let state: TrainingState<Float> = try StoredWeights(path: moved).state(of: fixture.design)
        let whole: TrainingState<Float> = try StoredWeights(path: stored.path).state(of: fixture.design)
        #expect(
            state.parameters.entries.map { $0.values.elements }
                == whole.parameters.entries.map { $0.values.elements })
        #expect(state.statistics == whole.statistics)
        #expect(state.parameters.entries.allSatisfy { $0.velocity.elements.allSatisfy { $0 == 0 } })
        // Alone in a folder, as an export is.
        let exported = temporary.file("export")
        try FileManager.default.createDirectory(atPath: exported, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: moved, toPath: exported + "/weights.safetensors")
        for place in [exported, exported + "/weights.safetensors"] {
            guard case .parameters = try StoredWeights(path: place) else {
                Issue.record("\(place) is taken for a checkpoint")
                continue
            }
        }
    }

    @Test func statisticsAreWholeOrAbsent() throws {
        let fixture = CheckpointFixture<Float>()
        let state = try fixture.start()
        let parameters = state.parameters.entries.map {
            SafetensorsTensor($0.name, shape: $0.dimensions, $0.values.elements)
        }
        let path = temporary.file("some.safetensors")
        try SafetensorsWriter.write(parameters, to: path)
        #expect(try ParameterFile(path).state(of: fixture.design, as: Float.self).statistics.isEmpty)
        let mean = SafetensorsTensor("stem.bn.running_mean", shape: [4], [Float](repeating: 0, count: 4))
        try SafetensorsWriter.write(parameters + [mean], to: path)
        #expect(
            throws: CheckpointError.otherArchitecture(path, tensor: "stem.bn.running_var", .missing)
        ) { try ParameterFile(path).state(of: fixture.design, as: Float.self) }
    }

    @Test func keptParametersMustBeTheDesigns() throws {
        let design = CheckpointFixture<Double>().design
        let entries = try CheckpointFixture<Double>().start().parameters.entries
        var values = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.values.elements) })
        #expect(try TrainedParameters(design, values: values).entries.map(\.role) == entries.map(\.role))
        values["stem.bn.bias"] = [0]
        #expect(throws: TrainingError.otherDimensions(name: "stem.bn.bias", expected: [4], found: [1])) {
            try TrainedParameters(design, values: values)
        }
        values["stem.bn.bias"] = nil
        #expect(throws: TrainingError.missingParameter(name: "stem.bn.bias")) {
            try TrainedParameters(design, values: values)
        }
        values["stem.bn.bias"] = [0, 0, 0, 0]
        #expect(throws: TrainingError.unknownParameter(name: "stem.bn.gain")) {
            try TrainedParameters(design, values: values, velocities: ["stem.bn.gain": [0]])
        }
    }
}

/// A family of networks that ends one stage earlier.
private struct TwoStages: Architecture {
    let base = CIFARArchitecture()
    var name: String { "two-stages" }
    var stem: StemDesign? { base.stem }
    var stages: [StageDesign] { Array(base.stages.prefix(2)) }
    var blocks: [BlockDesign] { base.blocks }
    var baseWidth: Int { base.baseWidth }
    var imageSide: Int { base.imageSide }
    var classes: Int { base.classes }
    func unitsPerStage(depth: Int, block: BlockDesign) -> [Int] { [1, 1] }
    func defaultBlock(depth: Int) throws -> BlockDesign { .basic }
}
