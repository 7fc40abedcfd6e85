/// What a user says of a graph against the rules, by the names of values as the listing prints them.
public struct UnitOverrides: Sendable, Hashable {
    /// `--output`: the value that the loss is taken of.
    public var output: String?
    /// `--stack`: the place in the list of stacks; the largest by default.
    public var stack = 0
    /// `--shortcut MERGE=OPERAND[,OPERAND]`: operands that are h, by merge. The merge then ends its tree of sums.
    public var shortcuts: [String: [String]] = [:]
    /// `--not-a-unit MERGE`.
    public var notUnits: Set<String> = []
    /// `--weight-layer NODE` (true) and `--no-weight-layer NODE` (false).
    public var weightLayers: [String: Bool] = [:]

    public init() {}
}

/// Why an override cannot be followed. One that names no value is refused as `GraphError.noValue`.
public enum UnitOverrideError: Error, Equatable, CustomStringConvertible {
    case noMerge(String)
    case noOperand(String, of: String, operands: [String])
    case noShortcut(String, operands: [String])
    case noBranch(String)
    case noFork(String)
    /// To be a weight layer, and no operator on the signal's way.
    case offSignal(String)
    case noWeightLayer(String)

    public var description: String {
        switch self {
        case .noMerge(let name): "\(name) is no merge: no sum of two or more signals ends there."
        case .noOperand(let name, let merge, let operands):
            "\(name) is no operand of the merge \(merge), whose operands are \(operands.joined(separator: ", "))."
        case .noShortcut(let merge, let operands):
            "No operand of the merge \(merge) is named as its shortcut; its operands are "
                + "\(operands.joined(separator: ", "))."
        case .noBranch(let merge):
            "All operands of the merge \(merge) are named as its shortcut, and none is left for the residual branch."
        case .noFork(let merge):
            "The shortcut named for the merge \(merge) has no value in common with its other operands."
        case .offSignal(let name):
            "\(name) cannot be a weight layer: it is no operator between the input and the output."
        case .noWeightLayer(let name): "\(name) is no weight layer."
        }
    }
}

extension UnitOverrides {
    /// The signal's path through a graph, with the weight layers that are named.
    ///
    /// - Throws: `GraphError`, `UnitOverrideError`.
    func path(through graph: Graph) throws -> SignalPath {
        let path = try SignalPath(of: graph)
        var layers: [Graph.ValueID: Bool] = [:]
        for (name, isLayer) in weightLayers {
            let id = try graph.value(named: name)
            guard path.carries(id), graph.nodes[id].operation != nil else {
                throw UnitOverrideError.offSignal(name)
            }
            guard isLayer || path.isWeightLayer(id) else { throw UnitOverrideError.noWeightLayer(name) }
            layers[id] = isLayer
        }
        return layers.isEmpty ? path : try SignalPath(of: graph, weightLayers: layers)
    }

    /// What is said of the merges of a path.
    ///
    /// - Throws: `GraphError`, `UnitOverrideError`.
    func resolved(on path: SignalPath) throws -> MergeOverrides {
        let shortcutMerges = try shortcuts.map { (try path.graph.value(named: $0.key), $0.value) }
        let merges = Merge.all(of: path, ending: Set(shortcutMerges.map(\.0)))
        let byResult = Dictionary(merges.map { ($0.result, $0) }) { first, _ in first }
        var resolved = MergeOverrides(merges: merges)
        for (result, operands) in shortcutMerges {
            guard let merge = byResult[result] else {
                throw UnitOverrideError.noMerge(path.graph.nodes[result].name)
            }
            resolved.roles[result] = try UnitRoles(of: merge, shortcut: operands, in: path)
        }
        for name in notUnits {
            let result = try path.graph.value(named: name)
            guard byResult[result] != nil else { throw UnitOverrideError.noMerge(name) }
            resolved.notUnits.insert(result)
        }
        return resolved
    }
}

/// What is said of the merges of a graph.
struct MergeOverrides {
    let merges: [Merge]
    var roles: [Graph.ValueID: UnitRoles] = [:]
    var notUnits: Set<Graph.ValueID> = []
}

extension UnitRoles {
    /// Those of a merge whose shortcut a user names. The unit begins at the latest values that h and F have in common.
    fileprivate init(of merge: Merge, shortcut named: [String], in path: SignalPath) throws(UnitOverrideError)
    {
        let nodes = path.graph.nodes
        let (name, operands) = (nodes[merge.result].name, merge.leaves.map { nodes[$0.value].name })
        for operand in named where !operands.contains(operand) {
            throw .noOperand(operand, of: name, operands: operands)
        }
        guard !named.isEmpty else { throw .noShortcut(name, operands: operands) }
        let shortcut = operands.indices.filter { named.contains(operands[$0]) }
        let branch = operands.indices.filter { !named.contains(operands[$0]) }
        guard !branch.isEmpty else { throw .noBranch(name) }
        let behind = merge.leaves.map { path.ancestors(of: [$0.value]) }
        let forks = shortcut.flatMap { o in branch.compactMap { behind[o].intersection(behind[$0]).max() } }
        guard !forks.isEmpty else { throw .noFork(name) }
        self.init(kind: .override, forks: path.latest(of: Set(forks)), shortcut: shortcut, branch: branch)
    }
}
