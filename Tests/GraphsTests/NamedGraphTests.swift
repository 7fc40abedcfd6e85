import Graphs
import Operators
import Tensors
import Testing

/// Graphs whose values stand in any order, under names.
struct NamedGraphTests {
    private static let matrix = Shape(axes: [4, 4])
    /// y = x W + x.
    private static let nodes: [Graph.NamedNode] = [
        .init("y", .operation(Add(), operands: ["product", "x"]), label: "layer.add"),
        .init("unused", .operation(Relu(), operands: ["nothing"])),
        .init("product", .operation(MatMul(), operands: ["x", "w"])),
        .init("w", .parameter(shape: matrix)),
        .init("x", .input(shape: Shape(axes: [2, 4]))),
    ]

    @Test("Values are brought into order, and those that the output does not need are dropped")
    func order() throws {
        let graph = try Graph(Self.nodes, output: "y")
        #expect(graph.nodes.map(\.name) == ["x", "w", "product", "y"])
        #expect(graph.output == 3 && graph.operands(of: 3) == [2, 0] && graph.operands(of: 2) == [0, 1])
        #expect(graph.nodes.map(\.label).last == "layer.add")
        #expect(graph.nodes[3].shape == Shape(axes: [2, 4]))
        #expect(try UnitTable(of: graph).units.count == 1)
        // What is in order stays in the order given.
        let sorted: [Graph.NamedNode] = [Self.nodes[3], Self.nodes[4], Self.nodes[2], Self.nodes[0]]
        #expect(try Graph(sorted, output: "y").nodes.map(\.name) == ["w", "x", "product", "y"])
    }

    @Test("Depth is no matter of the stack")
    func deep() throws {
        let count = 20_000
        let chain: [Graph.NamedNode] = (1...count).reversed().map {
            .init("v\($0)", .operation(Relu(), operands: ["v\($0 - 1)"]))
        }
        let graph = try Graph(chain + [.init("v0", .input(shape: Shape(axes: [1])))], output: "v\(count)")
        #expect(graph.nodes.count == count + 1 && graph.output == count)
    }

    @Test("Cycles, operands that are not there, two of a name and shapes that do not fit are refused by name")
    func refusals() {
        func sentence(_ nodes: [Graph.NamedNode], _ output: String) -> String {
            do { _ = try Graph(nodes, output: output) } catch { return "\(error)" }
            return "none"
        }
        let loop: [Graph.NamedNode] = [
            .init("a", .operation(Add(), operands: ["x", "b"])),
            .init("b", .operation(Relu(), operands: ["a"])),
            .init("c", .operation(Relu(), operands: ["b"])), .init("x", .input(shape: Self.matrix)),
        ]
        #expect(sentence(loop, "c") == "a depends on itself.")
        #expect(sentence([.init("a", .operation(Relu(), operands: ["a"]))], "a") == "a depends on itself.")
        #expect(
            sentence(Self.nodes, "unused") == "unused reads the value nothing, which the graph does not have."
        )
        #expect(sentence(Self.nodes, "z") == "The graph has no value named z.")
        #expect(
            sentence(Self.nodes + [Self.nodes[3]], "y")
                == "The name w stands for 2 values of the graph; each value needs its own.")
        let crooked: [Graph.NamedNode] = [
            .init("p", .operation(MatMul(), operands: ["x", "x"]), label: "layer.0"),
            .init("x", .input(shape: Shape(axes: [2, 4]))),
        ]
        #expect(
            sentence(crooked, "p").hasPrefix(
                "layer.0: MatMul cannot take operands of the shapes (2, 4), (2, 4)"))
    }
}
