import Graphs
import Kernels
import Operators
import Tensors
import Testing

/// A mask is an input of the graph and no signal.
struct DropoutMaskTests {
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
            dropped,
            inputs: [
                "x": Value(Tensor([1, 2, 3, 4, 5, 6], shape: shape)),
                "unit1.shortcut.dropout.mask": Value(Tensor([1, 0, 1, 1, 1, 0], shape: shape)),
            ], parameters: [:])
        let sweep = try PathSweep(
            evaluation, from: Tensor([3, 3, 3, 6, 6, 6], shape: shape), units: [], at: [x, mask])
        #expect(try #require(sweep[x]).total.plain.elements == [4, 0, 4, 8, 8, 0])
        #expect(sweep[mask] == nil)
    }
}
