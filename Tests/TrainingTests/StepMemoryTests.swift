import Graphs
import Kernels
import NumericalMethods
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@testable import Training

/// What a step asks of the system once it has been taken before. The arena counts for the whole process, so each case
/// is counted in a process of its own, where no other test takes buffers beside it.
@Suite("Memory of a training step")
struct StepMemoryTests {
    private enum Case: String, CaseIterable, Codable {
        case basic
        case recomputingBottleneck
        case recomputingUnits
        case recomputingSegments
        case originalUnits

        var block: BlockDesign { checkpointing == .none ? .basic : .bottleneck }
        var layout: UnitLayout { self == .originalUnits ? .original : .fullPreactivation }
        var checkpointing: Checkpointing {
            switch self {
            case .basic, .originalUnits: .none
            case .recomputingBottleneck: .alternateRows
            case .recomputingUnits: .units
            case .recomputingSegments: .segments
            }
        }
    }

    /// After two steps every buffer of the third, fourth and fifth is one that an earlier step gave back.
    @Test(arguments: Case.allCases)
    private func laterStepsTakeNoFreshMemory(one: Case) async {
        await #expect(processExitsWith: .success) { [one] in
            let design = NetworkDesign(
                block: one.block, unitsPerStage: one == .recomputingSegments ? 8 : 2, layout: one.layout,
                baseWidth: 8, classes: 3,
                input: Shape(1, 3, 16, 16))
            let shape = Shape(8, 3, 16, 16)
            let pixels = FormulaParameters.spread("pixels", count: shape.count, center: 0, width: 1.5)
            let batch = TrainingBatch<Float>(
                pixels: pixels.map { Float($0) }, shape: shape, labels: (0..<8).map { $0 % 3 })
            let optimization = Optimization(
                schedule: LearningRateSchedule(base: 0.1, milestones: []), replicas: 2)
            let step = try TrainingStep<Float>(
                design, optimization, checkpointing: one.checkpointing, seed: 3)
            var state = try TrainingState<Float>(design, from: HeInitialization(seed: 3))
            for _ in 0..<2 { _ = try step.advance(&state, on: batch) }
            let before = TensorMemory.current
            for _ in 0..<3 { _ = try step.advance(&state, on: batch) }
            let after = TensorMemory.current
            #expect(after.buffers > before.buffers, "steps that hold no tensors count nothing")
            #expect(after.freshBuffers == before.freshBuffers)
        }
    }
}
