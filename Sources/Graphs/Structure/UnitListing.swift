import Operators
import Tensors

/// What was found in a graph, by name, for people and for overrides: its units, the sums that are none, and remarks.
public struct UnitListing: Sendable, Hashable {
    public struct Unit: Sendable, Hashable {
        public let label: String
        /// Results of its merges.
        public let merges: [String]
        public let kind: UnitRoles.Kind
        /// Units that it lies within.
        public let level: Int
        /// The place of its stack among all.
        public let stack: Int
        public let forks: [String]
        /// Operands of h and of F.
        public let shortcut: [String]
        public let branch: [String]
        /// Between the forks and F's operands.
        public let weightLayers: Int
        /// Of its first merge.
        public let shape: Shape
    }

    /// A sum of signals that is no unit.
    public struct Rejected: Sendable, Hashable {
        public let label: String
        public let merge: String
        public let operands: [String]
        public let reason: UnitRoles.Refusal
    }

    public let units: [Unit]
    public let rejected: [Rejected]
    /// Sentences on what the file is.
    public let remarks: [String]

    /// - Parameter parameters: the numbers of a parameter by name, where they are known; remarks on running statistics
    ///   need them.
    public init(_ table: UnitTable, parameters: (String) -> [Double]? = { _ in nil }) {
        let (path, nodes) = (table.path, table.path.graph.nodes)
        func names(_ values: [Graph.ValueID]) -> [String] { values.map { nodes[$0].name } }
        units = table.units.enumerated().map { place, unit in
            Unit(
                label: nodes[unit.end].label, merges: names(unit.results), kind: unit.kind, level: unit.level,
                stack: table.stacks.firstIndex { $0.contains(place) } ?? 0, forks: names(unit.forks),
                shortcut: names(unit.streams.flatMap(\.shortcutLeaves).map(\.value)),
                branch: names(unit.streams.flatMap(\.branchLeaves).map(\.value)),
                weightLayers: BranchSpan(of: unit, in: path).needed.count { path.isWeightLayer($0) },
                shape: nodes[unit.results[0]].shape)
        }
        rejected = table.rejected.map {
            Rejected(
                label: nodes[$0.merge.result].label, merge: nodes[$0.merge.result].name,
                operands: names($0.merge.leaves.map(\.value)), reason: $0.reason)
        }
        remarks = ReadingRemarks(path, parameters).sentences
    }
}

/// Remarks on batch normalisation.
private struct ReadingRemarks {
    private(set) var sentences: [String] = []

    init(_ path: SignalPath, _ parameters: (String) -> [Double]?) {
        let nodes = path.graph.nodes
        let carried = nodes.indices.filter { path.carries($0) }
        func role(_ id: Graph.ValueID) -> OperatorRole? { nodes[id].operation?.role }
        let running = carried.filter { id in
            if case .normalization(let running) = role(id) { !running.isEmpty } else { false }
        }
        func numbers(_ id: Graph.ValueID) -> [Double]? {
            switch nodes[id].source {
            case .parameter(let name): parameters(name)
            case .constant(.real(let numbers)): numbers
            default: nil
            }
        }
        /// Means of 0 and variances of 1.
        func isUntrained(_ id: Graph.ValueID) -> Bool {
            guard case .normalization(let slots) = role(id) else { return false }
            return zip(slots, [0.0, 1]).allSatisfy { slot, start in
                numbers(path.graph.operands(of: id)[slot])?.allSatisfy { $0 == start } ?? false
            }
        }
        if !running.isEmpty, running.allSatisfy(isUntrained) {
            sentences.append(
                "The running statistics are those of an untrained network; BatchNormalization does nothing here. "
                    + "Use --bn batch to measure as in training.")
        }
        let consumers = path.consumers
        func isNormalized(_ id: Graph.ValueID) -> Bool {
            consumers[id].contains { reader in
                switch role(reader) {
                case .normalization: true
                case .identity: isNormalized(reader)
                default: false
                }
            }
        }
        let biased = carried.count { id in
            guard path.isWeightLayer(id), nodes[id].operation?.slidingWindow != nil,
                case .product(let factors) = role(id)
            else { return false }
            let beside = path.graph.operands(of: id).enumerated().filter { !factors.contains($0.offset) }
            return beside.contains { path.isLearned($0.element) } && !isNormalized(id)
        }
        if biased > 0 {
            sentences.append(
                (biased == 1 ? "1 convolution has" : "\(biased) convolutions have")
                    + " a bias and no BatchNormalization follows; it was probably folded by the exporter. "
                    + "Export with optimize=False to keep it.")
        }
    }
}
