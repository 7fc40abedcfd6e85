import Operators

/// Which operands of a merge are shortcut and which are residual branch, or why it is no residual unit.
///
/// A way without weight layer from t to o makes o a shortcut operand where p takes weight layers from the same t on: the
/// latest such t is the fork. Where no two operands are so related, the one with the fewest weight layers behind the last
/// common value is h: a projection.
public struct UnitRoles: Sendable, Hashable {
    public enum Kind: Sendable, Equatable {
        /// h is the fork itself.
        case identity
        /// h takes no weight layer: a scale, a gate, a pool, a norm.
        case weightFree
        /// h takes weight layers, but fewer than F.
        case projection
        /// h was named by the user.
        case override
    }

    /// Why a merge is no unit.
    public enum Refusal: Sendable, Equatable {
        /// Operands that neither bring a weight layer: taps, x − mean(x), rotary positions, or separate inputs.
        case noBranch
        /// A tie in weight layers and in weights.
        case operandsAlike
    }

    public let kind: Kind
    /// From where h and F part; several where h is of separate tensors. The last is the latest.
    public let forks: [Graph.ValueID]
    /// Operands of h and of F, as places in the merge's leaves.
    public let shortcut: [Int]
    public let branch: [Int]

    public init(kind: Kind, forks: [Graph.ValueID], shortcut: [Int], branch: [Int]) {
        self.kind = kind
        self.forks = forks
        self.shortcut = shortcut
        self.branch = branch
    }

    static func find(_ merge: Merge, in path: SignalPath, _ dominators: Dominators) -> Result<
        UnitRoles, Refusal
    > {
        let fewest = merge.leaves.map { path.fewestLayers(to: $0.value) }
        var found: Set<Graph.ValueID> = []
        var (isShortcut, isBranch) = (Set<Int>(), Set<Int>())
        for o in merge.leaves.indices {
            for p in merge.leaves.indices where p != o {
                guard let fork = latestFork(fewest[o], fewest[p]) else { continue }
                found.insert(fork)
                isShortcut.insert(o)
                isBranch.insert(p)
            }
        }
        guard !found.isEmpty else { return projection(merge, in: path, dominators, fewest) }
        // A leaf that is both counts as shortcut, and a tap that is neither too.
        let branch = merge.leaves.indices.filter { isBranch.contains($0) && !isShortcut.contains($0) }
        guard !branch.isEmpty else { return .failure(.noBranch) }
        let shortcut = merge.leaves.indices.filter { !branch.contains($0) }
        // A tap's fork is one that another stands behind.
        let forks = found.sorted().filter { fork in
            !found.contains { $0 > fork && path.depends($0, on: fork) }
        }
        let isIdentity =
            shortcut.count == 1
            && forks.contains { isSame(merge.leaves[shortcut[0]].value, as: $0, in: path) }
        return .success(
            UnitRoles(
                kind: isIdentity ? .identity : .weightFree, forks: forks, shortcut: shortcut, branch: branch))
    }

    /// The latest value from which one operand is reached without weight layer and the other not.
    private static func latestFork(_ toShortcut: [Int?], _ toBranch: [Int?]) -> Graph.ValueID? {
        (0..<min(toShortcut.count, toBranch.count)).last { value in
            toShortcut[value] == 0 && (toBranch[value] ?? 0) >= 1
        }
    }

    private static func projection(
        _ merge: Merge, in path: SignalPath, _ dominators: Dominators, _ fewest: [[Int?]]
    ) -> Result<UnitRoles, Refusal> {
        guard let start = dominators.immediate[merge.result],
            let layers = merge.leaves.indices.map({
                fewest[$0].indices.contains(start) ? fewest[$0][start] : nil
            })
                as? [Int],
            !layers.contains(0), let least = layers.min()
        else { return .failure(.noBranch) }
        var candidates = merge.leaves.indices.filter { layers[$0] == least }
        if candidates.count > 1 {
            let weights = candidates.map { path.weights(from: start, to: merge.leaves[$0].value) }
            candidates = zip(candidates, weights).filter { $0.1 == weights.min() }.map(\.0)
        }
        guard candidates.count == 1 else { return .failure(.operandsAlike) }
        return .success(
            UnitRoles(
                kind: .projection, forks: [start], shortcut: candidates,
                branch: merge.leaves.indices.filter { $0 != candidates[0] }))
    }

    /// Whether a value is another, looked at through identities.
    private static func isSame(_ value: Graph.ValueID, as other: Graph.ValueID, in path: SignalPath) -> Bool {
        var value = value
        while value != other {
            guard path.graph.nodes[value].operation?.role == .identity,
                let operand = path.signalOperands(of: value).first
            else { return false }
            value = operand.value
        }
        return true
    }
}

extension UnitRoles.Refusal: Error {}

extension SignalPath {
    /// Learned numbers of all weight layers between two values.
    func weights(from start: Graph.ValueID, to end: Graph.ValueID) -> Int {
        var reaches = [Bool](repeating: false, count: end + 1)
        reaches[end] = true
        var total = 0
        for value in stride(from: end, to: start, by: -1) where reaches[value] {
            if isWeightLayer(value) { total += weights(of: value) }
            for (_, operand) in signalOperands(of: value) { reaches[operand] = true }
        }
        return total
    }
}
