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
        for checkpointing in Checkpointing.allCases where checkpointing != .segments {
            func count(_ design: NetworkDesign) throws -> [Double] {
                let plan = try TrainingPlan(design, batch: 3, checkpointing).evaluation
                return [plan.keptElements, plan.recomputedElements]
            }
            #expect(try DesignOutline(of: design).extrapolated(count) == count(design))
        }
    }

    /// Segments do not add up from pairs of units: their count is a bound. Beside Σx/k and k·u it has one x_l too many, all
    /// segments as large as the largest, and one k for a design where the plan counts its own.
    @Test(arguments: [3, 8, 9, 40, 111])
    func segmentsAreBounded(units: Int) throws {
        for (block, layout) in [
            (BlockDesign.bottleneck, UnitLayout.fullPreactivation), (.basic, .original),
        ] {
            let design = NetworkDesign(
                block: block, unitsPerStage: units, layout: layout, baseWidth: 4, input: Shape(1, 3, 8, 8))
            func plan(_ design: NetworkDesign, _ form: Checkpointing) throws -> (
                NetworkModel, EvaluationPlan, Double
            ) {
                let plan = try TrainingPlan(design, batch: 3, form)
                return (plan.model, plan.evaluation, 0)
            }
            let told = try DesignOutline(of: design).heldElements(.segments, by: plan).total
            let taken = try plan(design, .segments).1
            let ratio = told / (taken.keptElements + taken.recomputedElements)
            #expect((1...1.6).contains(ratio), "\(units) units of \(block): \(ratio)")
        }
    }

    /// Chen et al.: what is held grows as √L, where units that are recomputed one by one hold every x_l.
    @Test func segmentsGrowAsTheRootOfDepth() throws {
        func held(_ units: Int, _ form: Checkpointing) throws -> Double {
            let design = NetworkDesign(
                block: .bottleneck, unitsPerStage: units, baseWidth: 4, input: Shape(1, 3, 8, 8))
            let plan = try TrainingPlan(design, batch: 64, form).evaluation
            return plan.keptElements + plan.recomputedElements
        }
        // Sixteen times as deep: √16, but for what does not depend on depth.
        #expect((3...4.2).contains(try held(320, .segments) / held(20, .segments)))
        #expect((14...16).contains(try held(320, .units) / held(20, .units)))
        #expect(try held(111, .segments) < 0.3 * held(111, .units))
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
        #expect(plan.evaluation.recomputedElements <= 7 * Double(plan.model.model.largestRow))
    }

    @Test("What nobody could store is refused with its figure")
    func refusal() throws {
        let design = NetworkDesign(block: .basic, unitsPerStage: 300_000_000)
        let memory = try TrainingMemory(design, batch: 128, in: Float.self)
        #expect(throws: TrainingError.self) { try memory.requireToFit() }
        #expect(memory.checkpointing == .segments)
    }
}
