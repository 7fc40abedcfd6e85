import Operators

extension EvaluationPlan {
    /// Elements that stay in memory between the forward and the backward pass, inputs and buffers among them, parameters and
    /// constants not, with what operators set aside for their derivatives.
    public var keptElements: Double {
        order.reduce(0) { sum, id in
            let own = isKept[id] ? Double(graph.nodes[id].shape.count) : 0
            switch graph.nodes[id].source {
            case .parameter, .constant: return sum
            case .input, .buffer: return sum + own
            case .operation(let operation, let operands):
                let shapes = operands.map { graph.nodes[$0].shape }
                return sum + own + Double(operation.residueElements(of: shapes))
            }
        }
    }

    /// Elements that recomputed values take at a time as a reverse sweep passes them.
    public var recomputedElements: Double {
        var isHeld = [Bool](repeating: false, count: graph.nodes.count)
        var (sum, peak) = (0.0, 0.0)
        func elements(_ id: Graph.ValueID) -> Double { Double(graph.nodes[id].shape.count) }
        func recompute(_ id: Graph.ValueID) {
            guard !isKept[id], !isHeld[id], case .operation(_, let operands) = graph.nodes[id].source else {
                return
            }
            operands.forEach(recompute)
            isHeld[id] = true
            sum += elements(id)
            peak = max(peak, sum)
            for operand in operands where isHeld[operand] && !staysRecomputed[operand] {
                isHeld[operand] = false
                sum -= elements(operand)
            }
        }
        for id in graph.nodes.indices.reversed() {
            let derivation = derivatives.derivations[id]
            for operand in derivation.read { recompute(operand.value) }
            if derivation.readsResult { recompute(id) }
            if isHeld[id] { sum -= elements(id) }
        }
        return peak
    }
}
