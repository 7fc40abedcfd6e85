import Foundation
import Graphs
import Kernels
import NumericalMethods
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@testable import Training

@Suite("Training steps")
struct TrainingStepTests {
    private static let seed: UInt64 = 11

    private func design(
        _ shortcut: any ShortcutDesign = IdentityShortcut(), layout: UnitLayout = .fullPreactivation,
        block: BlockDesign = .basic, unitsPerStage: Int = 2
    ) -> NetworkDesign {
        NetworkDesign(
            block: block, unitsPerStage: unitsPerStage, layout: layout, shortcut: shortcut, baseWidth: 4,
            classes: 3,
            input: Shape(1, 3, 8, 8))
    }

    private func batch<Scalar: KernelScalar>(_ size: Int, as type: Scalar.Type = Scalar.self)
        -> TrainingBatch<Scalar>
    {
        let shape = Shape(size, 3, 8, 8)
        let pixels = FormulaParameters.spread("pixels", count: shape.count, center: 0, width: 1.5)
        return TrainingBatch(
            pixels: pixels.map { Float($0) }, shape: shape, labels: (0..<size).map { $0 % 3 })
    }

    private func optimization(replicas: Int = 1, decayScope: DecayScope = .all) -> Optimization {
        Optimization(
            schedule: LearningRateSchedule(base: 0.1, milestones: []), weightDecay: 1e-2,
            decayScope: decayScope, replicas: replicas)
    }

    private func steps<Scalar: KernelScalar>(
        _ count: Int, _ step: TrainingStep<Scalar>, on batch: TrainingBatch<Scalar>
    ) throws -> TrainingState<Scalar> {
        var state = try TrainingState<Scalar>(step.design, from: HeInitialization(seed: Self.seed))
        for _ in 0..<count { _ = try step.advance(&state, on: batch) }
        return state
    }

    /// Two replicas move the weights as the mean of their own gradients does, each with its own batch statistics.
    @Test func replicasAverageTheirGradients() throws {
        let design = design()
        let whole: TrainingBatch<Double> = batch(8)
        let halves = try whole.split(over: 2)
        let found = try steps(1, TrainingStep(design, optimization(replicas: 2), seed: Self.seed), on: whole)
        let start = try TrainingState<Double>(design, from: HeInitialization(seed: Self.seed))
        let plan = try TrainingPlan(design, batch: 4, .none)
        var gradients: [ParameterGradients<Double>] = []
        var statistics: [RunningStatistics] = []
        for half in halves {
            var own = ParameterGradients<Double>()
            let pass = try GradientPass(
                plan, start.parameters, half, masks: SeededMasks(seed: 0), accumulating: &own)
            gradients.append(own)
            statistics.append(pass.statistics)
        }
        for entry in start.parameters.entries {
            let own = try gradients.map { try #require($0.byName[entry.name]?.elements) }
            let moved = try #require(found.parameters[entry.name]?.values.elements)
            for (index, weight) in entry.values.elements.enumerated() {
                let slope = (own[0][index] + own[1][index]) / 2 + 1e-2 * weight
                // One sum of four numbers in another order.
                #expect(abs(moved[index] - (weight - 0.1 * slope)) < 1e-14 * max(1, abs(weight)))
            }
        }
        for (name, average) in found.statistics {
            let means = statistics.compactMap { $0[name]?.mean[0] }
            #expect(abs(average.mean[0] - 0.1 * (means[0] + means[1]) / 2) < 1e-15, "\(name)")
        }
        // Statistics of halves are not those of the whole.
        let joint = try steps(1, TrainingStep(design, optimization(), seed: Self.seed), on: whole)
        #expect(joint.parameters.entries[0].values.elements != found.parameters.entries[0].values.elements)
    }

    /// What is recomputed changes no bit, whatever the unit.
    @Test(arguments: UnitLayout.paper.map(\.name), [BlockDesign.basic.name, BlockDesign.bottleneck.name])
    func recomputationChangesNothing(unit: String, block: String) throws {
        let design = design(
            layout: try #require(UnitLayout.paper.first { $0.name == unit }),
            block: try #require(BlockDesign.paper.first { $0.name == block }),
            // Enough for segments of several units.
            unitsPerStage: 6)
        func bits(_ checkpointing: Checkpointing) throws -> [[Float]] {
            let step = try TrainingStep<Float>(
                design, optimization(), checkpointing: checkpointing, seed: Self.seed)
            return try steps(2, step, on: batch(6)).parameters.entries.map { $0.values.elements }
        }
        let kept = try bits(.none)
        for form in Checkpointing.allCases where form != .none {
            #expect(try bits(form) == kept, "\(form)")
        }
    }

    @Test func floatFollowsDouble() throws {
        let single = try steps(
            1, TrainingStep<Float>(design(), optimization(), seed: Self.seed), on: batch(6))
        let double = try steps(
            1, TrainingStep<Double>(design(), optimization(), seed: Self.seed), on: batch(6))
        for (a, b) in zip(single.parameters.entries, double.parameters.entries) {
            let (x, y) = (a.values.elements.map(Double.init), b.values.elements)
            let distance = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            let size = y.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // 2^-24 grown by some hundred roundings of a gradient through 14 layers; β moves from 0 by its gradient.
            #expect(distance < 1e-4 * max(size, 0.1), "\(a.name): \(distance) of \(size)")
        }
    }

    @Test func decayLeavesOutWhatItIsToldTo() throws {
        let frozen = design()
        let all = try steps(
            1, TrainingStep(frozen, optimization(), seed: Self.seed), on: batch(6, as: Double.self))
        let weights = try steps(
            1, TrainingStep(frozen, optimization(decayScope: .weights), seed: Self.seed),
            on: batch(6, as: Double.self))
        for (a, b) in zip(all.parameters.entries, weights.parameters.entries) {
            let isWeight = a.role == .weight || a.role == .classifierWeight
            if isWeight {
                #expect(a.values.elements == b.values.elements, "\(a.name)")
            } else if a.role == .normalizationScale {
                // γ = 1 at the start: the decay of 0.01 at rate 0.1 is the whole difference.
                for (x, y) in zip(a.values.elements, b.values.elements) {
                    #expect(abs(y - x - 0.001) < 1e-15, "\(a.name)")
                }
            }
        }
    }

    /// Infinite weights in the stem, in a unit, in the classifier.
    @Test(
        arguments: zip(
            ["stem.conv.weight", "units.3.branch.conv2.weight", "head.fc.weight"],
            [NonFinitePlace.stem, .unit(3), .head]))
    func nonFiniteLossNamesThePlace(parameter: String, place: NonFinitePlace) throws {
        let design = design()
        var state = try TrainingState<Float>(design, from: HeInitialization(seed: Self.seed))
        let index = try #require(
            state.parameters.entries.firstIndex { $0.name == parameter })
        let count = state.parameters.entries[index].values.shape.count
        state.parameters.entries[index].values = Tensor(
            [Float](repeating: .infinity, count: count), shape: Shape(count, 1))
        let step = try TrainingStep<Float>(design, optimization(), seed: Self.seed)
        let before = state.parameters.entries.map { $0.values.elements }
        #expect(throws: TrainingError.notFinite(iteration: 1, place)) {
            try step.advance(&state, on: batch(6))
        }
        #expect(state.parameters.entries.map { $0.values.elements } == before)
        #expect(state.iteration == 0)
    }

    /// Parameters and velocities are written where they are: nothing of a step holds them, gates on two paths included.
    @Test func descentCopiesNothing() throws {
        let step = try TrainingStep<Float>(
            design(ExclusiveGateShortcut(bias: -1)), optimization(replicas: 2), seed: Self.seed)
        var state = try TrainingState<Float>(step.design, from: HeInitialization(seed: Self.seed))
        func memory() -> [ObjectIdentifier] {
            state.parameters.entries.flatMap { [$0.values.identity, $0.velocity.identity] }
        }
        // Constants of the initialisation are anybody's.
        _ = try step.advance(&state, on: batch(6))
        let before = memory()
        let values = state.parameters.entries.map { $0.values.elements }
        _ = try step.advance(&state, on: batch(6))
        #expect(memory() == before)
        #expect(state.parameters.entries.map { $0.values.elements } != values)
    }

    @Test func unevenReplicasAreRefused() throws {
        let step = try TrainingStep<Float>(design(), optimization(replicas: 4), seed: Self.seed)
        var state = try TrainingState<Float>(design(), from: HeInitialization(seed: Self.seed))
        #expect(throws: TrainingError.unevenReplicas(batch: 6, replicas: 4)) {
            try step.advance(&state, on: batch(6))
        }
    }

    /// A gate's weights, used on both paths, and a dropout mask that changes with the iteration.
    @Test func lossFallsForEveryShortcut() throws {
        for shortcut: any ShortcutDesign in [
            IdentityShortcut(), ScalingShortcut(lambda: 0.5), ExclusiveGateShortcut(bias: -1),
            ShortcutOnlyGateShortcut(bias: -1), ConvolutionShortcut(), DropoutShortcut(dropProbability: 0.2),
            NoShortcut(),
        ] {
            let step = try TrainingStep<Float>(design(shortcut), optimization(), seed: Self.seed)
            var state = try TrainingState<Float>(step.design, from: HeInitialization(seed: Self.seed))
            let batch: TrainingBatch<Float> = batch(12)
            var losses: [Double] = []
            for _ in 0..<30 { losses.append(try step.advance(&state, on: batch).loss) }
            #expect(losses.suffix(5).max() ?? .infinity < 0.5 * losses[0], "\(shortcut.name): \(losses)")
        }
    }
}
