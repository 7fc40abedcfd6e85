import Operators

/// The way from x_l by h to y_l in a unit whose h is linear: the nodes that a sum of shortcuts and branches (Eqn. 4, 7) is
/// carried through.
public struct ShortcutWay: Sendable {
    /// A node on the way, with the operands by which the way comes to it.
    public struct Step: Sendable {
        public let node: Graph.ValueID
        public let edges: [(slot: Int, value: Graph.ValueID)]
        /// Operands by which F enters here.
        public let branches: [Merge.Leaf]
    }

    /// x_l.
    public let start: Graph.ValueID
    /// In the order of computation; the last one makes y_l.
    public let steps: [Step]

    /// - Returns: `nil` where h is not linear, f not the identity, the state several tensors, or where h depends on more than
    ///   x_l.
    public init?(_ model: ResidualModel, unit l: Int, in path: DerivativePath) {
        let unit = model.units[l]
        guard model.isAfterIdentity(l), model.rows[l].values.count == 1, unit.streams.count == 1 else {
            return nil
        }
        start = model.rows[l].values[0]
        let cuts = Dictionary(grouping: unit.branchEdges, by: \.sum)
        var (steps, open, seen) = ([Step](), [unit.results[0]], Set<Graph.ValueID>())
        while let node = open.popLast() {
            guard node != start, seen.insert(node).inserted else { continue }
            guard node > start, case .operation(let operation, let operands) = path.graph.nodes[node].source
            else {
                return nil
            }
            let branches = cuts[node] ?? []
            let edges = path.operands(of: node).filter { edge in !branches.contains { $0.slot == edge.slot } }
            let slots = edges.map(\.slot) + branches.map(\.slot)
            guard !edges.isEmpty || !branches.isEmpty,
                operation.isLinear(in: slots.sorted(), of: operands.count)
            else { return nil }
            steps.append(Step(node: node, edges: edges, branches: branches))
            open += edges.map(\.value)
        }
        self.steps = steps.sorted { $0.node < $1.node }
    }
}
