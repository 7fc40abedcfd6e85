import Graphs
import Kernels
import NumericalMethods
import Operators
import Tensors
import Testing

@testable import ResidualNetworks

/// What public codes do otherwise than the paper.
@Suite struct ConventionTests {
    private static func strides(_ block: BlockDesign) throws -> [String: Int] {
        let design = NetworkDesign(block: block, unitsPerStage: 1, baseWidth: 4)
        let shapes = try design.model(batch: 2).model.rowShapes
        return ["x1": shapes[1].height, "x2": shapes[2].height, "x3": shapes[3].height]
    }

    @Test("The stride stands on the 3×3 of a bottleneck where it is asked for, and sizes stay the same")
    func stridedLayer() throws {
        #expect(BlockDesign.bottleneck.stridedLayer == 0)
        #expect(BlockDesign.bottleneck.stridingOnSpatialLayer.stridedLayer == 1)
        #expect(BlockDesign.basic.stridingOnSpatialLayer == .basic)
        #expect(
            try Self.strides(.bottleneck) == Self.strides(BlockDesign.bottleneck.stridingOnSpatialLayer))
        // The same parameters, another function.
        func logits(_ block: BlockDesign) throws -> [Double] {
            let design = NetworkDesign(block: block, unitsPerStage: 1, baseWidth: 4)
            let network = try Network<Double>(design, parameters: HeInitialization(seed: 3))
            var stream = RandomStream(seed: 3, name: "input")
            let input = Tensor<Double>(
                (0..<(2 * 3 * 32 * 32)).map { _ in stream.uniform() - 0.5 }, shape: Shape(2, 3, 32, 32))
            return try network.logits(of: input, masks: SeededMasks(seed: 0)).elements
        }
        let (first, spatial) = (
            try logits(.bottleneck), try logits(BlockDesign.bottleneck.stridingOnSpatialLayer)
        )
        #expect(first.count == spatial.count && zip(first, spatial).contains { abs($0 - $1) > 1e-6 })
    }

    @Test("BN stands behind the projections that are to have it, and option A reads what it is to read")
    func sizeChanges() throws {
        func parameters(_ layout: UnitLayout, _ block: BlockDesign) throws -> Set<String> {
            let design = NetworkDesign(block: block, unitsPerStage: 1, layout: layout, baseWidth: 4)
            return Set(try design.parameters.map(\.name))
        }
        let projecting = BlockDesign.basic.matching(by: .projection)
        let (bn, conv) = ("units.1.shortcut.bn.weight", "units.1.shortcut.conv.weight")
        for layout in [UnitLayout.original, .fullPreactivation] {
            let usual = try parameters(layout, projecting)
            #expect(usual.contains(conv) && usual.contains(bn) == !layout.isPreactivation)
            #expect(try parameters(layout, projecting.normalizingProjections(.always)).contains(bn))
            #expect(try !parameters(layout, projecting.normalizingProjections(.never)).contains(bn))
        }
        // x_1 ≥ 0 behind a unit whose f is ReLU: both readings are one. In a pre-activation unit they differ.
        func shortcut(_ layout: UnitLayout, _ matching: BlockDesign.Matching) throws -> [Double] {
            let design = NetworkDesign(
                block: .basic.matching(by: matching), unitsPerStage: 1, layout: layout, baseWidth: 4)
            let network = try Network<Double>(design, parameters: HeInitialization(seed: 3))
            var stream = RandomStream(seed: 3, name: "x")
            let x = Tensor<Double>(
                (0..<(2 * 4 * 8 * 8)).map { _ in stream.uniform() - 0.5 }, shape: Shape(2, 4, 8, 8))
            // h of unit 1 alone, from an x_1 that is given.
            let model = try network.model(batch: 2)
            let leaf = try #require(model.model.units[1].streams[0].shortcutLeaves.first)
            let graph = try Graph(nodes: model.graph.nodes, output: leaf.value)
            let row = model.model.rows[1].values[0]
            let plan = EvaluationPlan(graph, derivativesTo: [], given: [row])
            return try GraphEvaluation(
                plan, GraphArguments(inputs: [:]), given: [row: Value(x)]
            ).output.elements
        }
        #expect(
            try shortcut(.original, .subsampling) == shortcut(.original, .activatedSubsampling))
        let activated = try shortcut(.rectifierOnlyPreactivation, .activatedSubsampling)
        #expect(try activated == shortcut(.rectifierOnlyPreactivation, .subsampling).map { max(0, $0) })
    }

    @Test("Fan-in and fan-out differ by the ratio of inputs and outputs; a uniform classifier has its bound")
    func initialization() {
        let dimensions = [64, 16, 3, 3]
        func variance(_ fan: HeInitialization.Fan) -> Double {
            let values: Tensor<Double> = HeInitialization(seed: 5, fan: fan).values(
                name: "w", dimensions: dimensions, role: .weight)
            return values.elements.reduce(0) { $0 + $1 * $1 } / Double(values.shape.count)
        }
        // The same draws, scaled.
        #expect(abs(variance(.in) / variance(.out) - 4) < 1e-12)
        let classifier: Tensor<Double> = HeInitialization(seed: 5, classifier: .uniform).values(
            name: "fc", dimensions: [10, 64], role: .classifierWeight)
        #expect(classifier.elements.allSatisfy { abs($0) <= 0.125 })
        let square = classifier.elements.reduce(0) { $0 + $1 * $1 } / 640
        // 1/(3·64), with a standard error of 3.5 % over 640 draws: five of them.
        #expect(abs(square * 192 - 1) < 0.18)
    }
}
