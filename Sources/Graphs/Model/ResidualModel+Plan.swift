import Operators

extension ResidualModel {
    /// Values that have to be there when the model is measured: rows, and what the merges of its units add up.
    public var observed: Set<Graph.ValueID> {
        Set(rows.flatMap(\.values))
            .union(units.flatMap(\.results))
            .union(units.flatMap(\.streams).flatMap(\.merge.leaves).flatMap { [$0.value, $0.sum] })
    }

    /// How a measurement evaluates the graph: fused but for what is observed, with derivatives to every row.
    ///
    /// - Parameter recomputesRows: whether every second row is recomputed rather than kept, where one weight layer makes it
    ///   from what is kept anyway: it is the largest tensor of a bottleneck unit.
    public func measuringPlan(
        keeping kept: Set<Graph.ValueID> = [], recomputesRows: Bool = true
    ) -> EvaluationPlan {
        let graph = path.graph.fused(keeping: observed)
        let sources = Set(rows.flatMap(\.values))
        let read = DerivativePath(of: graph, from: sources).read
        return EvaluationPlan(
            graph, derivativesTo: sources, keeping: kept,
            recomputing: recomputesRows ? recomputedRows(in: graph, read: read.union(kept)) : [])
    }

    /// How a step of training evaluates the graph: fused throughout, with derivatives to the parameters.
    public func trainingPlan(
        derivativesTo parameters: Set<Graph.ValueID>, recomputesRows: Bool
    ) -> EvaluationPlan {
        let graph = path.graph.fused(keeping: Set(rows.flatMap(\.values)))
        let read = DerivativePath(of: graph, from: parameters).read
        return EvaluationPlan(
            graph, derivativesTo: parameters,
            recomputing: recomputesRows ? recomputedRows(in: graph, read: read) : [])
    }

    /// Every second row that one weight layer, at most, makes again from values that are kept.
    func recomputedRows(in graph: Graph, read: Set<Graph.ValueID>) -> Set<Graph.ValueID> {
        let ofRows = Set(rows.flatMap(\.values))
        var recomputed: Set<Graph.ValueID> = []
        for row in rows.dropFirst().dropLast() {
            guard row.values.count == 1, let value = row.values.first, read.contains(value) else { continue }
            var (open, layers, isCheap) = ([value], 0, true)
            while isCheap, let next = open.popLast() {
                guard case .operation(let operation, let operands) = graph.nodes[next].source else {
                    continue
                }
                if next != value {
                    if recomputed.contains(next) || ofRows.contains(next) && !read.contains(next) {
                        isCheap = false
                    }
                    if read.contains(next) { continue }
                }
                if operation.multiplyAdds(of: operands.map { graph.nodes[$0].shape }) > 0 { layers += 1 }
                isCheap = isCheap && layers <= 1
                open += operands
            }
            if isCheap { recomputed.insert(value) }
        }
        return recomputed
    }

    /// Whether x_{l+1} is y_l: f is the identity.
    public func isAfterIdentity(_ l: Int) -> Bool { rows[l + 1].values == units[l].results }

    /// Whether x_{l+1} is y_l with its negative elements set to 0.
    public func truncatesNegatives(_ l: Int) -> Bool {
        let nodes = path.graph.nodes
        return zip(rows[l + 1].values, units[l].results).allSatisfy { x, y in
            nodes[x].operation?.truncatesNegatives == true && nodes[x].operands == [y]
        }
    }
}
