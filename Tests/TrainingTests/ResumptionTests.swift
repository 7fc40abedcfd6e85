import Foundation
import Kernels
import ResidualNetworks
import Tensors
import Testing

@testable import Training

@Suite("Going on from a checkpoint")
struct ResumptionTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    /// Stopped and read again, wherever that is, a run ends with the bits of one that was never stopped: over a change
    /// of the rate, with dropout masks, replicas, and another batch every iteration.
    @Test(arguments: [0, 1, 3, 5], [1, 2])
    func endsWithTheSameBits(stop: Int, replicas: Int) throws {
        var single = CheckpointFixture<Float>()
        single.replicas = replicas
        try compare(single, stop)
        var double = CheckpointFixture<Double>()
        double.replicas = replicas
        try compare(double, stop)
    }

    private func compare<Scalar: KernelScalar>(_ fixture: CheckpointFixture<Scalar>, _ stop: Int) throws {
        let folder = CheckpointFolder(ofRun: temporary.file("\(Scalar.precisionName)"))
        let uninterrupted = try fixture.checkpoint(after: 6).state
        try folder.write(fixture.checkpoint(after: stop))
        var resumed: TrainingState<Scalar> = try #require(try folder.newest()).checkpoint(of: fixture.design)
            .state
        try fixture.advance(&resumed, to: 6)
        #expect(StateBits(resumed) == StateBits(uninterrupted))
        guard stop > 0 else { return }
        // What this comparison would miss if it were blind: the velocities, and the count of iterations.
        let values = Dictionary(
            uniqueKeysWithValues: try fixture.checkpoint(after: stop).state.parameters.entries.map {
                ($0.name, $0.values.elements)
            })
        var atRest = TrainingState(
            iteration: stop, parameters: try TrainedParameters<Scalar>(fixture.design, values: values),
            statistics: try fixture.checkpoint(after: stop).state.statistics)
        try fixture.advance(&atRest, to: 6)
        #expect(StateBits(atRest) != StateBits(uninterrupted))
    }

    /// A trainer that is stopped by its observer after every iteration, and goes on from disk.
    @Test func trainerGoesOnIterationByIteration() throws {
        struct Once: TrainingObserver {
            let folder: CheckpointFolder
            mutating func didAdvance(
                _ progress: TrainingProgress, to state: TrainingState<Float>
            ) throws -> Bool {
                try folder.write(Checkpoint(state: state, result: CheckpointFixture<Float>.result))
                return false
            }
        }
        let fixture = CheckpointFixture<Float>()
        let trainer = Trainer(try fixture.step(), iterations: 5) { fixture.batch($0) }
        let folder = CheckpointFolder(ofRun: temporary.path, keeping: 1)
        var observer = Once(folder: folder)
        var state = try fixture.start()
        for _ in 0..<5 {
            try trainer.run(&state, observer: &observer)
            state = try #require(try folder.newest()).checkpoint(of: fixture.design).state
        }
        #expect(folder.iterations == [5])
        #expect(StateBits(state) == StateBits(try fixture.checkpoint(after: 5).state))
    }

    @Test func anotherRunIsRefused() throws {
        let folder = CheckpointFolder(ofRun: temporary.path)
        try folder.write(CheckpointFixture<Float>().checkpoint(after: 1))
        let stored = try #require(try folder.newest())
        var asked = CheckpointFixture<Float>.result
        // How far it came is no setting.
        asked.curve = []
        asked.evaluations = []
        asked.ending = .finished
        asked.seconds = 0
        try stored.requireSameRun(as: asked)

        func expectRefusal(
            _ setting: String, _ stored: String, _ found: String, _ change: (inout TrainingResult) -> Void,
            from checkpoint: StoredCheckpoint
        ) {
            var other = asked
            change(&other)
            #expect(
                throws: CheckpointError.otherConfiguration(
                    checkpoint.path, setting: setting, stored: stored, asked: found)
            ) { try checkpoint.requireSameRun(as: other) }
            #expect(throws: Never.self) { try checkpoint.requireSameRun(as: other, ignoring: [setting]) }
        }
        expectRefusal(
            "configuration.shortcut", "dropout0.3", "identity", { $0.configuration["shortcut"] = "identity" },
            from: stored)
        expectRefusal(
            "configuration.shortcut", "dropout0.3", "nothing", { $0.configuration["shortcut"] = nil },
            from: stored)
        expectRefusal(
            "configuration.bias", "nothing", "-3", { $0.configuration["bias"] = "-3" }, from: stored)
        expectRefusal("recipe.batch", "128", "64", { $0.recipe.batch = 64 }, from: stored)
        expectRefusal(
            "recipe.augmentation.flips", "true", "false", { $0.recipe.augmentation.flips = false },
            from: stored)
        expectRefusal(
            "recipe.optimization.schedule.milestones", "[32000, 48000]", "[1]",
            { $0.recipe.optimization.schedule.milestones = [1] }, from: stored)
        // A rate that decimal digits would not tell apart from 0.3 if they were rounded.
        expectRefusal(
            "recipe.optimization.schedule.base", "0.30000000000000004", "0.3",
            { $0.recipe.optimization.schedule.base = 0.3 }, from: stored)
        expectRefusal("seed", "18446744073709551615", "18446744073709551614", { $0.seed -= 1 }, from: stored)
        expectRefusal("trainingImages", "100", "99", { $0.trainingImages = 99 }, from: stored)
    }
}
