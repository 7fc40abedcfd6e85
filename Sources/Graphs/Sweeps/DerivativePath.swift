import Operators

/// The part of a graph through which derivatives of its output with respect to some values pass: what a sweep walks.
///
/// Derivatives pass from operand to result through differentiable slots alone.
public struct DerivativePath: Sendable {
    public let graph: Graph
    /// By value: the operands through which derivatives come, each with its slot.
    private let edges: [[(slot: Int, value: Graph.ValueID)]]
    private let isOnPath: [Bool]
    /// The first value that it starts from.
    let start: Graph.ValueID

    /// - Parameter sources: the values that derivatives are taken with respect to.
    public init(of graph: Graph, from sources: Set<Graph.ValueID>) {
        self.graph = graph
        var depends = [Bool](repeating: false, count: graph.nodes.count)
        for (id, node) in graph.nodes.enumerated() {
            depends[id] =
                sources.contains(id)
                || node.operation.map { operation in
                    node.operands.indices.contains {
                        depends[node.operands[$0]] && operation.isDifferentiable(in: $0)
                    }
                } ?? false
        }
        var isOnPath = [Bool](repeating: false, count: graph.nodes.count)
        var edges = [[(slot: Int, value: Graph.ValueID)]](repeating: [], count: graph.nodes.count)
        isOnPath[graph.output] = depends[graph.output]
        for id in graph.nodes.indices.reversed() where isOnPath[id] {
            guard let operation = graph.nodes[id].operation else { continue }
            edges[id] = graph.operands(of: id).enumerated().filter {
                depends[$0.element] && operation.isDifferentiable(in: $0.offset)
            }.map { ($0.offset, $0.element) }
            for edge in edges[id] { isOnPath[edge.value] = true }
        }
        self.edges = edges
        self.isOnPath = isOnPath
        start = isOnPath.firstIndex(of: true) ?? graph.output
    }

    func carries(_ id: Graph.ValueID) -> Bool { isOnPath[id] }
    func operands(of id: Graph.ValueID) -> [(slot: Int, value: Graph.ValueID)] { edges[id] }

    /// Values that its derivatives read.
    var read: Set<Graph.ValueID> {
        var read: Set<Graph.ValueID> = []
        for id in graph.nodes.indices {
            guard case .operation(let operation, let operands) = graph.nodes[id].source else { continue }
            for edge in edges[id] {
                let reads = operation.reads(for: edge.slot)
                read.formUnion(reads.operands.filter(operands.indices.contains).map { operands[$0] })
                if reads.result { read.insert(id) }
            }
        }
        return read
    }
}
