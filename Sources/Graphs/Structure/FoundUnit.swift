/// A residual unit as it was found: a merge of a shortcut and a residual branch, or several that one branch feeds.
public struct FoundUnit: Sendable {
    /// One, or k where a branch ends in k streams, in the order of computation.
    public let streams: [UnitStream]
    /// Units that it lies within, from outside: their places in the list of all units.
    public internal(set) var parents: [Int] = []

    /// 0 of units that lie within no other.
    public var level: Int { parents.count }
    public var kind: UnitRoles.Kind { streams[0].roles.kind }
    /// The last result of its streams.
    var end: Graph.ValueID { streams[streams.count - 1].result }
    /// y_l.
    var results: [Graph.ValueID] { streams.map(\.result) }
    /// Those of all its streams.
    public var forks: [Graph.ValueID] { Set(streams.flatMap(\.roles.forks)).sorted() }
}

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

    /// Finds units by the structure of the graph alone; names decide nothing.
    ///
    /// - Parameter overrides: what the user says of some merges.
    public init(of path: SignalPath, overrides: UnitOverrides = UnitOverrides()) {
        self.path = path
        let dominators = Dominators(of: path)
        var (streams, rejected) = ([UnitStream](), [Rejected]())
        for merge in Merge.all(of: path, ending: Set(overrides.shortcuts.keys))
        where !overrides.notUnits.contains(merge.result) {
            switch overrides.roles(of: merge, in: path, dominators)
                ?? UnitRoles.find(merge, in: path, dominators)
            {
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
    /// output passes their merge.
    private static func nested(_ found: [FoundUnit], in path: SignalPath) -> [FoundUnit] {
        let behind = Postdominators(of: path)
        let spans = found.map { BranchSpan(of: $0, in: path) }
        var units = found
        for inner in found.indices {
            units[inner].parents = found.indices.filter { outer in
                outer != inner && spans[outer].contains(found[inner].end)
                    && found[outer].streams.contains {
                        behind.passes(from: found[inner].end, through: $0.result)
                    }
            }.sorted { found[$0].end > found[$1].end }
        }
        return units
    }
}

/// What the user says of merges, by their results.
public struct UnitOverrides: Sendable {
    /// Operands that are h.
    public var shortcuts: [Graph.ValueID: [Graph.ValueID]] = [:]
    public var notUnits: Set<Graph.ValueID> = []

    public init() {}

    func roles(
        of merge: Merge, in path: SignalPath, _ dominators: Dominators
    ) -> Result<UnitRoles, UnitRoles.Refusal>? {
        guard let named = shortcuts[merge.result] else { return nil }
        let shortcut = merge.leaves.indices.filter { named.contains(merge.leaves[$0].value) }
        let branch = merge.leaves.indices.filter { !shortcut.contains($0) }
        guard !shortcut.isEmpty, !branch.isEmpty, let fork = dominators.immediate[merge.result] else {
            return .failure(.noBranch)
        }
        return .success(UnitRoles(kind: .override, forks: [fork], shortcut: shortcut, branch: branch))
    }
}

/// The values inside a unit's residual branch: those that depend on its fork, and that F needs and h does not.
private struct BranchSpan {
    private var inside: Set<Graph.ValueID> = []

    init(of unit: FoundUnit, in path: SignalPath) {
        for stream in unit.streams {
            let forks = stream.roles.forks
            guard let first = forks.min() else { continue }
            let shortcut = path.ancestors(of: stream.shortcutLeaves.map(\.value), from: first)
            let branch = path.ancestors(of: stream.branchLeaves.map(\.value), from: first)
            // Of what the branch needs, that which the forks lead to.
            var isBehind = Set(forks)
            for value in branch.sorted()
            where path.signalOperands(of: value).contains(where: { isBehind.contains($0.value) }) {
                isBehind.insert(value)
            }
            inside.formUnion(branch.intersection(isBehind).subtracting(shortcut))
        }
    }

    func contains(_ value: Graph.ValueID) -> Bool { inside.contains(value) }
}

/// For every value on the signal's path, the first one behind it that every way to the output passes.
private struct Postdominators {
    private var immediate: [Graph.ValueID?]

    init(of path: SignalPath) {
        let (consumers, output) = (path.consumers, path.graph.output)
        var immediate = [Graph.ValueID?](repeating: nil, count: consumers.count)
        for id in consumers.indices.reversed() where path.carries(id) && id != output {
            immediate[id] = consumers[id].dropFirst().reduce(consumers[id].first) { common, consumer in
                var (a, b) = (common, Optional(consumer))
                // Values behind have higher numbers.
                while a != b, let left = a, let right = b {
                    if left < right { a = immediate[left] } else { b = immediate[right] }
                }
                return a
            }
        }
        self.immediate = immediate
    }

    func passes(from value: Graph.ValueID, through other: Graph.ValueID) -> Bool {
        var current: Graph.ValueID? = value
        while let place = current, place <= other {
            if place == other { return true }
            current = immediate[place]
        }
        return false
    }
}

extension SignalPath {
    /// Values that some depend on by the signal, they themselves among them, as far back as one.
    func ancestors(of values: [Graph.ValueID], from first: Graph.ValueID = 0) -> Set<Graph.ValueID> {
        var (found, open) = (Set<Graph.ValueID>(), values)
        while let value = open.popLast() {
            guard value >= first, found.insert(value).inserted else { continue }
            open += signalOperands(of: value).map(\.value)
        }
        return found
    }

    func depends(_ value: Graph.ValueID, on other: Graph.ValueID) -> Bool {
        ancestors(of: [value], from: other).contains(other)
    }

    /// The weight layers that a value is made of without another one between.
    func lastLayers(before value: Graph.ValueID) -> Set<Graph.ValueID> {
        var (layers, seen, open) = (Set<Graph.ValueID>(), Set<Graph.ValueID>(), [value])
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            if isWeightLayer(next) {
                layers.insert(next)
            } else {
                open += signalOperands(of: next).map(\.value)
            }
        }
        return layers
    }
}
