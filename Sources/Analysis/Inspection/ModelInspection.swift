import Graphs
import Kernels
import Operators
import Tensors

/// What was found in a model before anything is measured: units, stem, head, stacks, what was considered and why not.
public struct ModelInspection: Sendable {
    /// A unit of the reported stack.
    public struct Unit: Sendable {
        /// l.
        public let index: Int
        public let label: String
        public let kind: UnitRoles.Kind
        /// By which h, F and f come of the values before.
        public let shortcut: OperatorRun
        public let branch: OperatorRun
        public let after: OperatorRun
        /// Of x_l and of y_l; of several tensors the first.
        public let input: Shape
        public let output: Shape
        /// Whether f_l holds weight layers: its whole derivative counts for g, d and w alike.
        public let isTransition: Bool
        /// Names of its merges' results.
        public let merges: [String]
        /// Names of x_l's tensors.
        public let inputs: [String]
        /// Names of the operands that h brings, and F.
        public let shortcutOperands: [String]
        public let cuts: [Cut]
    }

    /// An edge by which F enters a merge: there d becomes 0 and w becomes g.
    public struct Cut: Sendable, Hashable {
        /// The sum that reads it, and in which slot.
        public let sum: String
        public let slot: Int
        public let operand: String
    }

    /// x_l.
    public struct Row: Sendable {
        public let index: Int
        /// Names of its tensors.
        public let values: [String]
        public let shape: Shape
        public let stage: Int
    }

    /// Units of one level that lie within the same ones.
    public struct Stack: Sendable {
        /// For `--stack`.
        public let index: Int
        public let units: Int
        public let level: Int
        /// Labels of its first and last unit.
        public let first: String
        public let last: String
        public let isReported: Bool
    }

    /// Nodes of one operator.
    public struct OperatorCount: Sendable {
        public let name: String
        /// Of the graph as it is evaluated.
        public let nodes: Int
        /// Of them those that the signal passes.
        public let onSignal: Int
    }

    public let output: String
    public let outputShape: Shape
    public let units: [Unit]
    public let rows: [Row]
    public let stem: OperatorRun
    public let head: OperatorRun
    public let stacks: [Stack]
    public let listing: UnitListing
    public let operators: [OperatorCount]
    /// Multiplications, each with an addition, of one forward pass and of one backward pass to x_0.
    public let multiplyAdds: (forward: Int, backward: Int)

    /// - Parameters:
    ///   - model: of the stack that is reported.
    ///   - isAll: as of `UnitListing`.
    public init(
        _ table: UnitTable, _ model: ResidualModel, stack: Int,
        isAll: (String, Double) -> Bool? = { _, _ in nil }
    ) {
        let (path, nodes) = (model.path, model.path.graph.nodes)
        func names(_ values: [Graph.ValueID]) -> [String] { values.map { nodes[$0].name } }
        output = nodes[path.graph.output].name
        outputShape = nodes[path.graph.output].shape
        listing = UnitListing(table, isAll: isAll)
        rows = model.rows.enumerated().map { index, row in
            Row(
                index: index, values: names(row.values), shape: nodes[row.values[0]].shape, stage: row.stage)
        }
        units = model.units.enumerated().map { l, unit in
            let x = model.rows[l].values
            return Unit(
                index: l, label: unit.label, kind: unit.kind,
                shortcut: OperatorRun(
                    from: x, to: unit.streams.flatMap(\.shortcutLeaves).map(\.value), in: path),
                branch: OperatorRun(from: x, to: unit.branchEdges.map(\.value), in: path),
                after: OperatorRun(from: unit.results, to: model.rows[l + 1].values, in: path),
                input: nodes[x[0]].shape, output: nodes[unit.results[0]].shape,
                isTransition: unit.isTransition, merges: names(unit.results), inputs: names(x),
                shortcutOperands: names(unit.streams.flatMap(\.shortcutLeaves).map(\.value)),
                cuts: unit.branchEdges.map {
                    Cut(sum: nodes[$0.sum].name, slot: $0.slot, operand: nodes[$0.value].name)
                })
        }
        stem = OperatorRun(from: [], to: model.rows[0].values, in: path)
        head = OperatorRun(from: model.rows.last?.values ?? [], to: [path.graph.output], in: path)
        stacks = table.stacks.enumerated().map { index, places in
            let members = places.map { table.units[$0] }
            func label(_ unit: FoundUnit?) -> String {
                unit.flatMap { $0.streams.last }.map { nodes[$0.result].label } ?? ""
            }
            return Stack(
                index: index, units: places.count, level: members.first?.level ?? 0,
                first: label(members.first), last: label(members.last), isReported: index == stack)
        }
        var counts: [String: (nodes: Int, onSignal: Int)] = [:]
        for (id, node) in nodes.enumerated() {
            guard let operation = node.operation else { continue }
            let count = counts[operation.name] ?? (0, 0)
            counts[operation.name] = (count.nodes + 1, count.onSignal + (path.carries(id) ? 1 : 0))
        }
        operators = counts.sorted { ($1.value.nodes, $0.key) < ($0.value.nodes, $1.key) }.map {
            OperatorCount(name: $0.key, nodes: $0.value.nodes, onSignal: $0.value.onSignal)
        }
        multiplyAdds = model.multiplyAdds
    }
}
