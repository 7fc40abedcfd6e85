import Graphs
import Kernels
import Operators
import Tensors
import Testing

/// What operators say of themselves, as it is read in a graph.
struct OperatorRolesInGraphTests {
    @Test(
        "A product with something learned is a weight layer; a product of signals, a norm's scale and a mask are not"
    )
    func weightLayers() throws {
        var graph = GraphBuilder()
        let shape = Shape(axes: [2, 3, 4])
        let x = graph.input("x", shape: shape)
        let matrix = graph.parameter("w", shape: Shape(axes: [4, 4]))
        let queries = graph.parameter("queries", shape: shape)
        let scale = graph.parameter("scale", shape: Shape(axes: [4]))
        let attention = Attention(heads: .init(queries: 1, keys: 1))
        let norm = Standardization(over: .trailingAxes(from: -1))
        let layers = [
            try graph.apply(try Einsum("...i,ij->...j"), to: x, matrix),
            try graph.apply(attention, to: queries, x, x),
        ]
        let others = [
            try graph.apply(attention, to: x, x, x), try graph.apply(norm, to: x, scale),
            try graph.apply(norm, to: x), try graph.apply(try Einsum("bti,btj->btj"), to: x, x),
        ]
        let output = try graph.apply(Add.ofAny, to: layers + others)
        let path = try SignalPath(of: try graph.graph(output: output))
        for layer in layers { #expect(path.isWeightLayer(layer), "\(path.graph.nodes[layer].label)") }
        for other in others { #expect(!path.isWeightLayer(other), "\(path.graph.nodes[other].label)") }
    }

    @Test("No derivative leads to a mask, whichever its values; a product would take it for signal")
    func mask() throws {
        func path(_ drop: any Operator) throws -> (path: SignalPath, x: Int, mask: Int) {
            var graph = GraphBuilder()
            let x = graph.input("x", shape: Shape(axes: [2, 3]))
            let mask = graph.input("unit1.shortcut.dropout.mask", shape: Shape(axes: [2, 3]))
            let output = try graph.apply(drop, to: x, mask)
            return (try SignalPath(of: try graph.graph(output: output)), x, mask)
        }
        let (dropped, x, mask) = try path(Dropout(dropProbability: 0.25))
        #expect(dropped.carries(x))
        #expect(!dropped.carries(mask))
        let product = try path(Mul())
        #expect(product.path.carries(product.mask))
        let shape = Shape(axes: [2, 3])
        let evaluation = try GraphEvaluation<Double>(
            EvaluationPlan(dropped.graph, derivativesTo: [x, mask]),
            GraphArguments(inputs: [
                "x": Value(Tensor([1, 2, 3, 4, 5, 6], shape: shape)),
                "unit1.shortcut.dropout.mask": Value(Tensor([1, 0, 1, 1, 1, 0], shape: shape)),
            ]))
        let sweep = try PathSweep(
            evaluation, from: ScaledTensor(Tensor([3, 3, 3, 6, 6, 6], shape: shape)), cutting: [],
            at: [x, mask])
        #expect(try #require(sweep[x]).total.plain.elements == [4, 0, 4, 8, 8, 0])
        #expect(sweep[mask] == nil)
    }
}
