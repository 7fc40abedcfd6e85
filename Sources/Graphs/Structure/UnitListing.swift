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
        let running = carried.filter { (nodes[$0].operation as? BatchNorm)?.statistics == .running }
        func numbers(_ id: Graph.ValueID) -> [Double]? {
            switch nodes[id].source {
            case .parameter(let name): parameters(name)
            case .constant(.real(let numbers)): numbers
            default: nil
            }
        }
        func holds(_ id: Graph.ValueID, in slot: Int, only number: Double) -> Bool {
            numbers(path.graph.operands(of: id)[slot])?.allSatisfy { $0 == number } ?? false
        }
        if !running.isEmpty,
            running.allSatisfy({ holds($0, in: 3, only: 0) && holds($0, in: 4, only: 1) })
        {
            sentences.append(
                "The running statistics are those of an untrained network; BatchNormalization does nothing here. "
                    + "Use --bn batch to measure as in training.")
        }
        let consumers = path.consumers
        func isNormalized(_ id: Graph.ValueID) -> Bool {
            consumers[id].contains {
                nodes[$0].operation is BatchNorm || nodes[$0].operation?.role == .identity && isNormalized($0)
            }
        }
        let biased = carried.count { id in
            guard path.isWeightLayer(id), nodes[id].operation is Conv || nodes[id].operation is ConvTranspose,
                let bias = path.graph.operands(of: id).dropFirst(2).first
            else { return false }
            return path.isLearned(bias) && !isNormalized(id)
        }
        if biased > 0 {
            sentences.append(
                (biased == 1 ? "1 convolution has" : "\(biased) convolutions have")
                    + " a bias and no BatchNormalization follows; it was probably folded by the exporter. "
                    + "Export with optimize=False to keep it.")
        }
    }
}
