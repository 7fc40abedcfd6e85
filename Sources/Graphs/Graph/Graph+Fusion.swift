import Operators
import Tensors

extension Graph {
    /// The same values by fewer operators: wherever an operator can take in the one that made its operand
    /// (`Operator.fused`), it does, and the value between them is not computed. Values keep their places.
    ///
    /// - Parameter observed: values that have to be there.
    public func fused(keeping observed: Set<ValueID>) -> Graph {
        var fusion = Fusion(self, observed.union([output]))
        for id in nodes.indices { fusion.fuse(id) }
        for id in nodes.indices { fusion.measureChannels(of: id) }
        return Graph(unchecked: fusion.nodes, output: output)
    }
}

extension Graph {
    /// The same values, some made otherwise.
    ///
    /// - Parameter rewrite: of an operation and its operands; what it gives has a value of the same shape.
    /// - Throws: `GraphError`.
    public func rewriting(
        _ rewrite: (ValueID, any Operator, [ValueID]) throws -> (any Operator, [ValueID])
    ) throws -> Graph {
        let nodes = try nodes.enumerated().map { id, node -> Node in
            guard case .operation(let operation, let operands) = node.source else { return node }
            let (made, from) = try rewrite(id, operation, operands)
            return Node(
                .operation(made, operands: from), shape: node.shape, name: node.name, label: node.label)
        }
        return try Graph(nodes: nodes, output: output)
    }
}

private struct Fusion {
    private(set) var nodes: [Graph.Node]
    private let observed: Set<Graph.ValueID>
    /// Of values that the output needs, by value.
    private var consumers: [[Graph.ValueID]]

    init(_ graph: Graph, _ observed: Set<Graph.ValueID>) {
        nodes = graph.nodes
        self.observed = observed
        consumers = Array(repeating: [], count: nodes.count)
        for (id, isNeeded) in graph.isNeeded(for: observed).enumerated() where isNeeded {
            for operand in graph.operands(of: id) { consumers[operand].append(id) }
        }
    }

    /// Takes in what made the operands, the last one first: of a sum that is F by its place.
    mutating func fuse(_ id: Graph.ValueID) {
        var slot = nodes[id].operands.count - 1
        while slot >= 0 {
            slot = takeIn(slot, of: id) ? nodes[id].operands.count - 1 : slot - 1
        }
    }

    /// Where a reader asks for the channel statistics of a value, what makes it finds them on its way.
    mutating func measureChannels(of id: Graph.ValueID) {
        guard let measuring = nodes[id].operation?.measuringChannels,
            consumers[id].contains(where: { reader in
                guard let slot = nodes[reader].operation?.measuredSlot else { return false }
                return nodes[reader].operands[slot] == id
            })
        else { return }
        replace(id, by: measuring, of: nodes[id].operands)
    }

    private mutating func replace(
        _ id: Graph.ValueID, by operation: any Operator, of operands: [Graph.ValueID]
    ) {
        nodes[id] = Graph.Node(
            .operation(operation, operands: operands), shape: nodes[id].shape, name: nodes[id].name,
            label: nodes[id].label)
    }

    private mutating func takeIn(_ slot: Int, of id: Graph.ValueID) -> Bool {
        let producer = nodes[id].operands[slot]
        guard !observed.contains(producer), case .operation(let made, let inner) = nodes[producer].source,
            let fused = fused(producer, into: id, at: slot), isTakenInEverywhere(producer, made, inner)
        else { return false }
        var operands = nodes[id].operands
        operands.replaceSubrange(slot...slot, with: inner)
        replace(id, by: fused, of: operands)
        consumers[producer].removeAll { $0 == id }
        for operand in inner { consumers[operand].append(id) }
        return true
    }

    private func fused(_ producer: Graph.ValueID, into id: Graph.ValueID, at slot: Int) -> (any Operator)? {
        guard let operation = nodes[id].operation, let made = nodes[producer].operation else { return nil }
        return operation.fused(
            with: made, of: nodes[producer].operands.map { nodes[$0].shape }, in: slot,
            shapes: nodes[id].operands.map { nodes[$0].shape })
    }

    /// What several read is taken in by all of them or by none, and only where it costs no products to do it again.
    private func isTakenInEverywhere(
        _ producer: Graph.ValueID, _ made: any Operator, _ inner: [Graph.ValueID]
    ) -> Bool {
        let readers = consumers[producer]
        guard readers.count > 1 else { return true }
        return made.multiplyAdds(of: inner.map { nodes[$0].shape }) == 0
            && readers.allSatisfy { reader in
                let slots = nodes[reader].operands.indices.filter { nodes[reader].operands[$0] == producer }
                return slots.count == 1 && fused(producer, into: reader, at: slots[0]) != nil
            }
    }
}

extension Graph {
    /// Of which values others that are asked for are made, they themselves among them.
    ///
    /// - Parameter given: values that are not computed, so that nothing behind them is needed for them.
    func isNeeded(for asked: Set<ValueID>, given: Set<ValueID> = []) -> [Bool] {
        var isNeeded = [Bool](repeating: false, count: nodes.count)
        for id in asked { isNeeded[id] = true }
        for id in nodes.indices.reversed() where isNeeded[id] && !given.contains(id) {
            for operand in operands(of: id) { isNeeded[operand] = true }
        }
        return isNeeded
    }
}
