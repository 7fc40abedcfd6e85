import Operators

/// A sum of signals: a maximal tree of sums whose inner results are read by nothing else, looked at through identities.
///
/// A sum with one signal operand (a bias, a position table, a mask) is none.
public struct Merge: Sendable, Hashable {
    /// An operand of the whole tree, with the edge by which it enters.
    public struct Leaf: Sendable, Hashable {
        public let value: Graph.ValueID
        /// The sum that reads it, and in which slot.
        public let sum: Graph.ValueID
        public let slot: Int

        public init(value: Graph.ValueID, sum: Graph.ValueID, slot: Int) {
            (self.value, self.sum, self.slot) = (value, sum, slot)
        }
    }

    /// The tree's result.
    public let result: Graph.ValueID
    public let leaves: [Leaf]

    public init(result: Graph.ValueID, leaves: [Leaf]) {
        self.result = result
        self.leaves = leaves
    }

    /// All merges of a graph, in the order of computation.
    ///
    /// - Parameter ends: sums that end their tree, whatever reads them.
    static func all(of path: SignalPath, ending ends: Set<Graph.ValueID> = []) -> [Merge] {
        let tree = Tree(path, ends)
        return path.graph.nodes.indices.filter { tree.isRoot($0) }
            .map { Merge(result: $0, leaves: tree.leaves(below: $0)) }
            .filter { $0.leaves.count > 1 }
    }

    private struct Tree {
        let path: SignalPath
        let ends: Set<Graph.ValueID>
        let consumers: [[Graph.ValueID]]

        init(_ path: SignalPath, _ ends: Set<Graph.ValueID>) {
            self.path = path
            self.ends = ends
            consumers = path.consumers
        }

        private func role(_ id: Graph.ValueID) -> OperatorRole? { path.graph.nodes[id].operation?.role }
        private func isSum(_ id: Graph.ValueID) -> Bool {
            path.carries(id) && (role(id) == .sum || role(id) == .difference)
        }

        /// A sum whose result no other sum takes in.
        func isRoot(_ id: Graph.ValueID) -> Bool { isSum(id) && !isInner(id) }

        /// Whether a value is read by one sum alone, at most through identities that are read by nothing else.
        private func isInner(_ id: Graph.ValueID) -> Bool {
            guard id != path.graph.output, !ends.contains(id), consumers[id].count == 1,
                let reader = consumers[id].first
            else {
                return false
            }
            return isSum(reader) || role(reader) == .identity && isInner(reader)
        }

        func leaves(below sum: Graph.ValueID) -> [Leaf] {
            path.signalOperands(of: sum).flatMap { slot, operand -> [Leaf] in
                var value = operand
                while role(value) == .identity, isInner(value),
                    let inner = path.signalOperands(of: value).first
                {
                    value = inner.value
                }
                guard isSum(value), isInner(value) else {
                    return [Leaf(value: operand, sum: sum, slot: slot)]
                }
                return leaves(below: value)
            }
        }
    }
}
