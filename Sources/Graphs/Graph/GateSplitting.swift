import Operators
import Tensors

extension Graph {
    /// The same function with every gate x + g∘(F − x), in whatever order of operands, written (x − g∘x) + g∘F, so that its
    /// operands divide into shortcut and branch as those of (1 − g)∘x + g∘F do. So is x − g∘(x − F).
    ///
    /// - Returns: the graph, and where each of this one's values stands in it.
    public func splittingGates() throws -> (graph: Graph, places: [ValueID]) {
        var splitting = GateSplitting(self)
        for id in nodes.indices { try splitting.append(id) }
        return (
            try Graph(nodes: splitting.nodes, output: splitting.places[output]), splitting.places
        )
    }
}

private struct GateSplitting {
    let graph: Graph
    private(set) var nodes: [Graph.Node] = []
    /// Of the values so far.
    private(set) var places: [Graph.ValueID] = []

    /// x + g∘(F − x), by the operands.
    private struct Gate {
        let kept: Graph.ValueID
        let gate: Graph.ValueID
        let taken: Graph.ValueID
    }

    /// x + y, or x − y.
    private struct Sum {
        let isSum: Bool
        let x: Graph.ValueID
        let y: Graph.ValueID
    }

    init(_ graph: Graph) { self.graph = graph }

    mutating func append(_ id: Graph.ValueID) throws {
        let node = graph.nodes[id]
        if let gate = gate(id) {
            let (x, g, taken) = (places[gate.kept], places[gate.gate], places[gate.taken])
            let shut = try apply(Mul(), [g, x], name: node.name + "/shut", like: node)
            let kept = try apply(Add.subtracting, [x, shut], name: node.name + "/kept", like: node)
            let entering = try apply(Mul(), [g, taken], name: node.name + "/taken", like: node)
            places.append(try apply(Add(), [kept, entering], name: node.name, like: node))
        } else if case .operation(let operation, let operands) = node.source {
            places.append(nodes.count)
            nodes.append(
                Graph.Node(
                    .operation(operation, operands: operands.map { places[$0] }), shape: node.shape,
                    name: node.name, label: node.label))
        } else {
            places.append(nodes.count)
            nodes.append(node)
        }
    }

    private mutating func apply(
        _ operation: some Operator, _ operands: [Graph.ValueID], name: String, like node: Graph.Node
    ) throws -> Graph.ValueID {
        do {
            let shape = try operation.shape(of: operands.map { nodes[$0].shape })
            nodes.append(
                Graph.Node(
                    .operation(operation, operands: operands), shape: shape, name: name, label: node.label))
            return nodes.count - 1
        } catch { throw GraphError.operation(label: node.label, error) }
    }

    private func gate(_ id: Graph.ValueID) -> Gate? {
        guard let outer = sum(id) else { return nil }
        // x + g∘(F − x), or x − g∘(x − F).
        if !outer.isSum { return gate(keeping: outer.x, by: outer.y) { ($0.x, $0.y) } }
        return gate(keeping: outer.x, by: outer.y) { ($0.y, $0.x) }
            ?? gate(keeping: outer.y, by: outer.x) { ($0.y, $0.x) }
    }

    /// - Parameter operands: which of a difference's operands would be x, which F.
    private func gate(
        keeping x: Graph.ValueID, by product: Graph.ValueID,
        _ operands: (Sum) -> (kept: Graph.ValueID, taken: Graph.ValueID)
    ) -> Gate? {
        for (gate, factor) in factors(product) {
            guard let difference = sum(factor), !difference.isSum else { continue }
            let (kept, taken) = operands(difference)
            if source(kept) == source(x) { return Gate(kept: x, gate: gate, taken: taken) }
        }
        return nil
    }

    /// Both factors of an elementwise product, in both orders.
    private func factors(_ id: Graph.ValueID) -> [(Graph.ValueID, Graph.ValueID)] {
        guard case .operation(let operation, let operands) = graph.nodes[source(id)].source,
            operation.role == .elementwiseProduct
        else { return [] }
        return [(operands[0], operands[1]), (operands[1], operands[0])]
    }

    private func sum(_ id: Graph.ValueID) -> Sum? {
        guard case .operation(let operation, let operands) = graph.nodes[source(id)].source,
            operands.count == 2, operation.role == .sum || operation.role == .difference
        else { return nil }
        return Sum(isSum: operation.role == .sum, x: operands[0], y: operands[1])
    }

    /// What a value is, looked at through identities.
    private func source(_ id: Graph.ValueID) -> Graph.ValueID {
        var id = id
        while graph.nodes[id].operation?.role == .identity, let operand = graph.operands(of: id).first {
            id = operand
        }
        return id
    }
}
