import Graphs
import Kernels
import ResidualNetworks
import Tensors
import Testing

@testable import Training

@Suite("Predicted memory of a training run")
struct TrainingMemoryTests {
    private static let designs: [NetworkDesign] = [BlockDesign.basic, .bottleneck].flatMap { block in
        UnitLayout.paper.flatMap { layout in
            [3, 4, 8, 9].map { units in
                NetworkDesign(
                    block: block, unitsPerStage: units, layout: layout, baseWidth: 4,
                    input: Shape(1, 3, 8, 8))
            }
        }
    }

    /// Few units and what two more add are enough to count them all.
    @Test(arguments: designs.indices)
    func outlineCountsTheWhole(index: Int) throws {
        let design = Self.designs[index]
        for checkpointing in Checkpointing.allCases {
            func count(_ design: NetworkDesign) throws -> [Double] {
                let plan = try TrainingPlan(design, batch: 3, checkpointing).evaluation
                return [plan.keptElements, plan.recomputedElements]
            }
            #expect(try DesignOutline(of: design).extrapolated(count) == count(design))
        }
    }

    @Test("Replicas divide what is kept, Double doubles it, and what is recomputed is not kept")
    func proportions() throws {
        let design = NetworkDesign(block: .bottleneck, unitsPerStage: 111)
        func bytes<Scalar: KernelScalar>(
            replicas: Int = 1, _ checkpointing: Checkpointing = .none, in precision: Scalar.Type
        ) throws -> Double {
            Double(
                try TrainingMemory(
                    design, batch: 64, replicas: replicas, checkpointing: checkpointing,
                    in: precision
                ).total)
        }
        let whole = try bytes(in: Float.self)
        // What does not depend on the batch is a tenth of the whole at most.
        #expect((0.5...0.6).contains(try bytes(replicas: 2, in: Float.self) / whole))
        #expect((1.9...2).contains(try bytes(in: Double.self) / whole))
        // Of a bottleneck's 4 + 1 + 1 widths of maps every second 4 is recomputed.
        #expect((0.6...0.75).contains(try bytes(.alternateRows, in: Float.self) / whole))
        // What is left of 4 + 1 + 1 are the 4, and one unit's 1 + 1 at a time.
        #expect((0.6...0.75).contains(try bytes(.units, in: Float.self) / whole))
        #expect(
            try TrainingMemory(design, batch: 64, in: Float.self).checkpointing
                == (whole > 4e9 ? .alternateRows : .none))
    }

    @Test(
        "Where units are recomputed every row stays, whether derivatives read it or not",
        arguments: designs.indices)
    func rowsStay(index: Int) throws {
        let plan = try TrainingPlan(Self.designs[index], batch: 3, .units)
        let nodes = plan.evaluation.graph.nodes
        let rows = plan.model.model.rows.flatMap(\.values).reduce(0.0) { $0 + Double(nodes[$1].shape.count) }
        #expect(plan.evaluation.keptElements >= rows)
        // One unit at a time: no more than the inside of the largest, of at most seven maps of the widest x_l.
        #expect(plan.evaluation.recomputedElements <= 7 * Double(plan.model.largestRow))
    }

    @Test("What nobody could store is refused with its figure")
    func refusal() throws {
        let design = NetworkDesign(block: .basic, unitsPerStage: 300_000_000)
        let memory = try TrainingMemory(design, batch: 128, in: Float.self)
        #expect(throws: TrainingError.self) { try memory.requireToFit() }
        #expect(memory.checkpointing == .units)
    }
}
