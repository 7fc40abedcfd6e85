/// What was found in a graph: its units, the stack that is reported, and the sums that are no units.
public struct UnitTable: Sendable {
    /// A sum of signals that is no unit, and why.
    public struct Rejected: Sendable {
        public let merge: Merge
        public let reason: UnitRoles.Refusal
    }

    public let path: SignalPath
    /// In the order of computation.
    public let units: [FoundUnit]
    public let rejected: [Rejected]
    /// Units of one level that lie within the same ones, largest first, of equal ones the outermost first.
    public let stacks: [[Int]]

    /// Finds units by the structure of a graph alone; names decide nothing, but for those that a user says. Gates are
    /// split before.
    ///
    /// - Throws: `GraphError`, `UnitOverrideError`.
    public init(of graph: Graph, overrides: UnitOverrides = UnitOverrides()) throws {
        let graph = try overrides.output.map { try graph.with(output: $0) } ?? graph
        let path = try overrides.path(through: graph.splittingGates().graph)
        self.init(of: path, try overrides.resolved(on: path))
    }

    /// The same of a path as it is.
    public init(of path: SignalPath) { self.init(of: path, MergeOverrides(merges: Merge.all(of: path))) }

    private init(of path: SignalPath, _ overrides: MergeOverrides) {
        self.path = path
        let dominators = Dominators(of: path)
        var (streams, rejected) = ([UnitStream](), [Rejected]())
        for merge in overrides.merges {
            let roles: Result<UnitRoles, UnitRoles.Refusal> =
                if overrides.notUnits.contains(merge.result) {
                    .failure(.excluded)
                } else if let named = overrides.roles[merge.result] {
                    .success(named)
                } else {
                    UnitRoles.find(merge, in: path, dominators)
                }
            switch roles {
            case .success(let roles): streams.append(UnitStream(merge: merge, roles: roles))
            case .failure(let reason): rejected.append(Rejected(merge: merge, reason: reason))
            }
        }
        self.rejected = rejected
        let units = Self.nested(Self.joined(streams, in: path), in: path)
        self.units = units
        stacks = Dictionary(grouping: units.indices) { units[$0].parents }.values.sorted {
            ($1.count, units[$0[0]].level, $0[0]) < ($0.count, units[$1[0]].level, $1[0])
        }
    }

    /// Merges whose branches end in the same weight layers, of which none depends on another, are one unit.
    private static func joined(_ streams: [UnitStream], in path: SignalPath) -> [FoundUnit] {
        var units: [(layers: Set<Graph.ValueID>, streams: [UnitStream])] = []
        for stream in streams {
            let layers = stream.branchLeaves.reduce(into: Set()) {
                $0.formUnion(path.lastLayers(before: $1.value))
            }
            let index = units.lastIndex { unit in
                unit.layers == layers
                    && unit.streams.allSatisfy { !path.depends(stream.result, on: $0.result) }
            }
            if let index { units[index].streams.append(stream) } else { units.append((layers, [stream])) }
        }
        return units.map { FoundUnit(streams: $0.streams) }.sorted { $0.end < $1.end }
    }

    /// Says of every unit within which others it lies: inside their residual branch, so that every way from it to the
    /// output passes one of their merges.
    private static func nested(_ found: [FoundUnit], in path: SignalPath) -> [FoundUnit] {
        let spans = found.map { BranchSpan(of: $0, in: path) }
        var units = found
        for inner in found.indices {
            units[inner].parents = found.indices.filter { outer in
                outer != inner && spans[outer].contains(found[inner].end)
                    && path.passes(from: found[inner].end, always: Set(found[outer].results))
            }.sorted { found[$0].end > found[$1].end }
        }
        return units
    }
}
