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

/// The values of a unit's residual branch: those that depend on its forks and that F needs.
struct BranchSpan {
    /// Those that F needs, h or not.
    private(set) var needed: Set<Graph.ValueID> = []
    /// Those that F needs and h does not.
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
            // A fork belongs to what comes before.
            let own = branch.intersection(isBehind).subtracting(forks)
            needed.formUnion(own)
            inside.formUnion(own.subtracting(shortcut))
        }
    }

    func contains(_ value: Graph.ValueID) -> Bool { inside.contains(value) }
}
