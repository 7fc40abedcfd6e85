import Kernels
import NumericalMethods
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@testable import Training

/// What a step asks of the system once it has been taken before. Serial, and counted by the arena of the whole
/// process: other tests may not run beside it, so what is held to zero is counted in a window of a few steps that
/// is tried again where another test fell into it.
@Suite("Memory of a training step", .serialized)
struct StepMemoryTests {
    private struct Case: CustomTestStringConvertible {
        let block: BlockDesign
        let layout: UnitLayout
        let economises: Bool
        var testDescription: String { "\(block.name), \(layout.name)\(economises ? ", economising" : "")" }
    }

    private static let cases = [
        Case(block: .basic, layout: .fullPreactivation, economises: false),
        Case(block: .bottleneck, layout: .fullPreactivation, economises: true),
        Case(block: .basic, layout: .original, economises: false),
    ]

    /// After two steps every buffer of the third, fourth and fifth is one that an earlier step gave back.
    @Test(arguments: cases)
    private func laterStepsTakeNoFreshMemory(one: Case) throws {
        let design = NetworkDesign(
            block: one.block, unitsPerStage: 2, layout: one.layout, baseWidth: 8, classes: 3,
            input: Shape(1, 3, 16, 16))
        let shape = Shape(8, 3, 16, 16)
        let pixels = FormulaParameters.spread("pixels", count: shape.count, center: 0, width: 1.5)
        let batch = TrainingBatch<Float>(
            pixels: pixels.map { Float($0) }, shape: shape, labels: (0..<8).map { $0 % 3 })
        let optimization = Optimization(
            schedule: LearningRateSchedule(base: 0.1, milestones: []), replicas: 2)
        let step = TrainingStep(design, optimization, economises: one.economises, seed: 3)
        var state = try TrainingState<Float>(design, from: HeInitialization(seed: 3))
        for _ in 0..<2 { _ = try step.advance(&state, on: batch) }
        var fresh = Int.max
        for _ in 0..<20 where fresh > 0 {
            let before = TensorMemory.current
            for _ in 0..<3 { _ = try step.advance(&state, on: batch) }
            let after = TensorMemory.current
            #expect(after.buffers > before.buffers, "steps that hold no tensors count nothing")
            fresh = after.freshBuffers - before.freshBuffers
        }
        #expect(fresh == 0)
    }
}
