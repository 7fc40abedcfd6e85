import Operators
import Tensors

/// The part of a graph through which derivatives of its output with respect to some values pass: what a sweep walks.
///
/// Derivatives pass from operand to result through differentiable slots alone.
public struct DerivativePath: Sendable {
    public let graph: Graph
    /// By value.
    let derivations: [Derivation]
    private let isOnPath: [Bool]
    /// The first value that it starts from.
    let start: Graph.ValueID

    /// How derivatives pass a node: what is known of it before any value.
    struct Derivation: Sendable {
        /// The operands that they pass to, each with its slot.
        let edges: [(slot: Int, value: Graph.ValueID)]
        let slots: [Int]
        /// The operands that they read, each with its slot, by slot.
        let read: [(slot: Int, value: Graph.ValueID)]
        let readsResult: Bool
        /// Of all operands.
        let shapes: [Shape]
        let resultShape: Shape
    }

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
        var derivations: [Derivation] = []
        derivations.reserveCapacity(graph.nodes.count)
        isOnPath[graph.output] = depends[graph.output]
        for id in graph.nodes.indices.reversed() {
            let derivation = Derivation(of: id, in: graph, isOnPath: isOnPath[id]) { depends[$0] }
            for edge in derivation.edges { isOnPath[edge.value] = true }
            derivations.append(derivation)
        }
        self.derivations = derivations.reversed()
        self.isOnPath = isOnPath
        start = isOnPath.firstIndex(of: true) ?? graph.output
    }

    package func carries(_ id: Graph.ValueID) -> Bool { isOnPath[id] }
    func operands(of id: Graph.ValueID) -> [(slot: Int, value: Graph.ValueID)] { derivations[id].edges }

    /// Values that its derivatives read.
    var read: Set<Graph.ValueID> {
        var read: Set<Graph.ValueID> = []
        for (id, derivation) in derivations.enumerated() {
            read.formUnion(derivation.read.map(\.value))
            if derivation.readsResult { read.insert(id) }
        }
        return read
    }

    /// By value: the last node whose derivative reads it, or the value itself.
    var lastReader: [Graph.ValueID] {
        var last = Array(graph.nodes.indices)
        for (id, derivation) in derivations.enumerated() {
            for operand in derivation.read { last[operand.value] = id }
        }
        return last
    }
}

extension DerivativePath.Derivation {
    fileprivate init(
        of id: Graph.ValueID, in graph: Graph, isOnPath: Bool, dependsOnSources: (Graph.ValueID) -> Bool
    ) {
        resultShape = graph.nodes[id].shape
        guard isOnPath, case .operation(let operation, let operands) = graph.nodes[id].source else {
            (edges, slots, read, readsResult, shapes) = ([], [], [], false, [])
            return
        }
        let edges = operands.enumerated().filter {
            dependsOnSources($0.element) && operation.isDifferentiable(in: $0.offset)
        }.map { (slot: $0.offset, value: $0.element) }
        let reads = edges.map { operation.reads(for: $0.slot) }
        self.edges = edges
        slots = edges.map(\.slot)
        read = Set(reads.flatMap(\.operands)).filter(operands.indices.contains).sorted()
            .map { ($0, operands[$0]) }
        readsResult = reads.contains(where: \.result)
        shapes = operands.map { graph.nodes[$0].shape }
    }
}
