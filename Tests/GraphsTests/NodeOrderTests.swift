import Graphs
import NumericalMethods
import Operators
import Tensors
import Testing

/// Neither names nor the order in which a file holds its nodes decide what is found.
struct NodeOrderTests {
    @Test(
        "Shuffled nodes have the same units and rows",
        arguments: [
            "identity", "scaled", "post_activation", "post_norm", "gate", "gate_interpolated", "projection",
            "taps",
            "streams", "mixed_streams", "skip_over_units", "added_skip", "nested",
        ], [UInt64(1), 2, 3])
    func shuffled(name: String, seed: UInt64) throws {
        let (network, output) = try HandMadeNetwork.named(name)
        let graph = try network.model(output).path.graph
        let expected = try Found(ResidualModel(of: graph), rename: { $0 })
        var generator = SplitMix64(seed: seed)
        let names = graph.nodes.indices.map { "n\($0)" }.shuffled(using: &generator)
        let original = Dictionary(uniqueKeysWithValues: zip(names, graph.nodes.map(\.name)))
        let nodes = graph.nodes.indices.map { id in Self.named(graph.nodes[id], names[id], names) }
        let shuffled = try Graph(nodes.shuffled(using: &generator), output: names[output])
        let found = try Found(ResidualModel(of: shuffled), rename: { original[$0] ?? $0 })
        #expect(found == expected, "seed \(seed)")
    }

    private static func named(_ node: Graph.Node, _ name: String, _ names: [String]) -> Graph.NamedNode {
        switch node.source {
        case .input: .init(name, .input(shape: node.shape, isWhole: node.isWhole))
        case .parameter: .init(name, .parameter(shape: node.shape))
        case .buffer: .init(name, .buffer(shape: node.shape))
        case .constant(let constant): .init(name, .constant(constant, shape: node.shape))
        case .operation(let operation, let operands):
            .init(name, .operation(operation, operands: operands.map { names[$0] }))
        }
    }

    /// A model by the names of its values; those of several streams in no order.
    private struct Found: Equatable {
        var kinds: [UnitRoles.Kind]
        var transitions: [Bool]
        var stages: [Int]
        var rows: [Set<String>]
        var results: [Set<String>]
        var branches: [Set<String>]

        init(_ model: ResidualModel, rename: (String) -> String) {
            func names(_ values: [Graph.ValueID]) -> Set<String> {
                Set(values.map { rename(model.path.graph.nodes[$0].name) })
            }
            kinds = model.units.map(\.kind)
            transitions = model.units.map(\.isTransition)
            stages = model.rows.map(\.stage)
            rows = model.rows.map { names($0.values) }
            results = model.units.map { names($0.results) }
            branches = model.units.map { names($0.branchEdges.map(\.value)) }
        }
    }
}
