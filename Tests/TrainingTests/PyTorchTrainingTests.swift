import Foundation
import Graphs
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@testable import Training

@Suite("Training steps against an independent framework")
struct PyTorchTrainingTests {
    /// Every shortcut × unit, three steps in Double, under all three momentum rules.
    @Test(arguments: Checkpointing.allCases)
    func weightsAgreeAfterThreeSteps(checkpointing: Checkpointing) throws {
        let fixture = try TrainingFixture.load()
        #expect(fixture.cases.count == 40)
        #expect(Set(fixture.cases.map(\.rule)).count == MomentumRule.allCases.count)
        for one in fixture.cases { try compare(one, fixture, checkpointing: checkpointing) }
    }

    private func compare(
        _ one: TrainingFixture.Case, _ fixture: TrainingFixture, checkpointing: Checkpointing
    ) throws {
        let design = try design(of: one, fixture.network)
        let step = try TrainingStep<Double>(
            design, try optimization(of: one, fixture), checkpointing: checkpointing
        ) { _, _ in FormulaParameters() }
        var state = try TrainingState<Double>(design, from: FormulaParameters())
        let batch = batch(fixture.network)
        for (index, expected) in one.losses.enumerated() {
            let loss = try step.advance(&state, on: batch).loss
            // Rounding of some thousand sums, grown by the steps before.
            #expect(abs(loss - expected) < 1e-11 * abs(expected), "\(one), loss of step \(index)")
        }
        let found = tensors(of: state)
        #expect(Set(found.keys) == Set(one.tensors.keys), "\(one)")
        for (name, expected) in one.tensors {
            let values = try #require(found[name], "\(one): \(name)")
            let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let probe = FormulaParameters.spread(name + ".probe", count: values.count, center: 0, width: 1)
            let product = zip(values, probe).reduce(0) { $0 + $1.0 * $1.1 }
            // The issue of rounding: three steps in Double through at most eleven layers.
            #expect(abs(norm - expected[0]) <= 1e-10 * expected[0], "\(one): norm of \(name)")
            #expect(abs(product - expected[1]) <= 1e-10 * expected[0], "\(one): probe of \(name)")
        }
    }

    private func tensors(of state: TrainingState<Double>) -> [String: [Double]] {
        var found: [String: [Double]] = [:]
        for entry in state.parameters.entries { found[entry.name] = entry.values.elements }
        for (name, statistics) in state.statistics {
            found[name + ".running_mean"] = statistics.mean
            found[name + ".running_var"] = statistics.variance
        }
        return found
    }

    private func design(of one: TrainingFixture.Case, _ network: TrainingFixture.Network) throws
        -> NetworkDesign
    {
        let shape = network.inputShape
        return NetworkDesign(
            block: try #require(BlockDesign.paper.first { $0.name == one.block }),
            unitsPerStage: network.unitsPerStage,
            layout: try #require(UnitLayout.paper.first { $0.name == one.unit }),
            shortcut: try ShortcutVocabulary.paper.shortcut(for: one.shortcut),
            baseWidth: network.baseChannels, classes: network.classes,
            input: Shape(1, shape[1], shape[2], shape[3]))
    }

    private func optimization(of one: TrainingFixture.Case, _ fixture: TrainingFixture) throws -> Optimization
    {
        let schedule = LearningRateSchedule(
            base: fixture.rates[0], milestones: [2], factor: fixture.rates[2] / fixture.rates[0])
        return Optimization(
            schedule: schedule, momentum: fixture.momentum,
            rule: try #require(MomentumRule(rawValue: one.rule)),
            weightDecay: fixture.decay,
            runningAverage: RunningAverage(weight: fixture.runningWeight, variance: .unbiased))
    }

    private func batch(_ network: TrainingFixture.Network) -> TrainingBatch<Double> {
        let s = network.inputShape
        let shape = Shape(s[0], s[1], s[2], s[3])
        return TrainingBatch(
            input: Tensor(
                FormulaParameters.spread("input", count: shape.count, center: 0, width: 1.7), shape: shape),
            labels: (0..<shape.batch).map { (7 * $0 + 3) % network.classes })
    }
}
