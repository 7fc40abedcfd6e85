import Operators

extension ResidualModel {
    /// Values that have to be there when the model is measured: rows, and what the merges of its units add up.
    public var observed: Set<Graph.ValueID> {
        Set(rows.flatMap(\.values))
            .union(units.flatMap(\.results))
            .union(units.flatMap(\.streams).flatMap(\.merge.leaves).flatMap { [$0.value, $0.sum] })
    }

    /// How a measurement evaluates the graph: fused but for what is observed, with derivatives to every row.
    public func measuringPlan(
        keeping kept: Set<Graph.ValueID> = [], _ checkpointing: Checkpointing = .alternateRows
    ) -> EvaluationPlan {
        plan(
            fusedKeeping: observed, derivativesTo: Set(rows.flatMap(\.values)), keeping: kept, checkpointing)
    }

    /// How a step of training evaluates the graph: fused throughout, with derivatives to the parameters.
    public func trainingPlan(
        derivativesTo parameters: Set<Graph.ValueID>, _ checkpointing: Checkpointing
    ) -> EvaluationPlan {
        plan(
            fusedKeeping: Set(rows.flatMap(\.values)), derivativesTo: parameters, keeping: [], checkpointing)
    }

    private func plan(
        fusedKeeping observed: Set<Graph.ValueID>, derivativesTo sources: Set<Graph.ValueID>,
        keeping kept: Set<Graph.ValueID>, _ checkpointing: Checkpointing
    ) -> EvaluationPlan {
        let graph = path.graph.fused(keeping: observed)
        let read = DerivativePath(of: graph, from: sources).read
        let kept = kept.union(checkpoints(checkpointing, in: graph, read: read))
        return EvaluationPlan(
            graph, derivativesTo: sources, keeping: kept,
            recomputing: recomputed(checkpointing, in: graph, read: read, keeping: kept))
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
