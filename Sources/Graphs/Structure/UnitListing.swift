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

    /// - Parameter isAll: whether all numbers of a parameter or buffer, by name, are a given one; `nil` where they are not
    ///   known. Remarks on running statistics and on the head need it.
    public init(_ table: UnitTable, isAll: (String, Double) -> Bool? = { _, _ in nil }) {
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
        remarks = ReadingRemarks(path, isAll).sentences
    }
}

/// Remarks on batch normalisation and on the head.
private struct ReadingRemarks {
    private(set) var sentences: [String] = []

    init(_ path: SignalPath, _ isAll: (String, Double) -> Bool?) {
        let nodes = path.graph.nodes
        let carried = nodes.indices.filter { path.carries($0) }
        func role(_ id: Graph.ValueID) -> OperatorRole? { nodes[id].operation?.role }
        let running = carried.filter { id in
            if case .normalization(let running) = role(id) { !running.isEmpty } else { false }
        }
        func isEverywhere(_ id: Graph.ValueID, _ number: Double) -> Bool {
            switch nodes[id].source {
            case .parameter(let name), .buffer(let name): isAll(name, number) ?? false
            case .constant(.real(let numbers)): numbers.allSatisfy { $0 == number }
            default: false
            }
        }
        /// Means of 0 and variances of 1.
        func isUntrained(_ id: Graph.ValueID) -> Bool {
            guard case .normalization(let slots) = role(id) else { return false }
            return zip(slots, [0.0, 1]).allSatisfy { slot, start in
                isEverywhere(path.graph.operands(of: id)[slot], start)
            }
        }
        let heads = path.lastLayers(before: path.graph.output)
        for head in heads.sorted() {
            let weights = path.graph.operands(of: head).filter { path.isLearned($0) }
            guard !weights.isEmpty, weights.allSatisfy({ isEverywhere($0, 0) }) else { continue }
            sentences.append(
                "The weights of the last layer, \(nodes[head].label), are all 0: no gradient comes out of it, "
                    + "and every norm will be null.")
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
