import Graphs
import Kernels
import Operators
import ProofSupport
import Tensors
import Testing

/// A matrix product that takes in the transposition of its operands.
struct FusedTransposeTests {
    @Test(
        "Value and derivatives are those of the two, and the transposed matrix is not made",
        arguments: [
            ([3, 4], [5, 4], nil, 1), ([2, 3, 4], [5, 4], [1, 0], 1), ([2, 3, 4], [2, 5, 4], [0, 2, 1], 1),
            ([2, 4, 3], [2, 4, 5], [0, 2, 1], 0),
        ] as [([Int], [Int], [Int]?, Int)])
    func fusion(a: [Int], b: [Int], order: [Int]?, slot: Int) throws {
        let shapes = [a, b].map { Shape(axes: $0) }
        let transpose = Transpose(order: order)
        let tensors: [Tensor<Double>] = shapes.map { randomTensor($0, seed: 1, name: "\($0)") }
        let fused = try #require(
            MatMul().fused(with: transpose, of: [shapes[slot]], in: slot, shapes: shapes))
        var operands = tensors.map { Value($0) }
        let value = try fused.value(of: operands).value.tensor
        let (whole, own) = (operands, shapes)
        operands[slot] = try transpose.value(of: [operands[slot]]).value
        #expect(value.doubles == (try MatMul().value(of: operands).value.tensor.doubles))
        // The transpose of the transposed pull-back.
        let c: Tensor<Double> = randomTensor(value.shape, seed: 2, name: "c")
        func pulled(_ operation: any Operator, _ operands: [Value<Double>], _ slot: Int) throws -> Tensor<
            Double
        > {
            let point = Point<Double>(
                shapes: operands.map(\.shape), resultShape: value.shape, operands: operands)
            return try operation.vjp(c, to: slot, at: point).plain
        }
        for other in 0...1 {
            var expected = try pulled(MatMul(), operands, other)
            if other == slot { expected = try transpose.value(of: [Value(expected)]).value.tensor }
            let found = try pulled(fused, whole, other)
            #expect(found.shape == own[other])
            // Sums of a few products, perhaps in another order.
            #expect(zip(found.doubles, expected.doubles).allSatisfy { abs($0 - $1) < 1e-14 }, "slot \(other)")
        }
    }

    @Test("A graph computes no transposition before a product, and the same values")
    func graph() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", shape: Shape(axes: [2, 3, 4]))
        let w = builder.parameter("w", shape: Shape(axes: [5, 4]))
        let transposed = try builder.apply(Transpose(order: [1, 0]), to: w)
        let y = try builder.apply(MatMul(), to: x, transposed)
        let graph = try builder.graph(output: y)
        let fused = graph.fused(keeping: [])
        #expect(fused.operands(of: y) == [x, w])
        #expect(graph.fused(keeping: [transposed]).operands(of: y) == [x, transposed])
    }

    @Test("Other orders of axes are left alone")
    func otherOrders() {
        let operands = [Shape(axes: [2, 3, 4]), Shape(axes: [2, 4, 5])]
        for (order, inner) in [(nil, [2, 4, 5]), ([1, 0, 2], [2, 4, 5]), ([0, 1, 2], [2, 4, 5])]
            as [([Int]?, [Int])]
        {
            let fused = MatMul().fused(
                with: Transpose(order: order), of: [Shape(axes: inner)], in: 1, shapes: operands)
            #expect(fused == nil, "\(String(describing: order))")
        }
        #expect(MatMul().fused(with: Relu(), of: [operands[1]], in: 1, shapes: operands) == nil)
    }
}
