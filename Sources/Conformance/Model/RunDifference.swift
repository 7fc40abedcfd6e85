import Graphs

/// What one run of operators has that another has not, in words.
struct RunDifference {
    /// Between what both begin and end with alike.
    let own: ArraySlice<OperatorSignature>
    let others: ArraySlice<OperatorSignature>
    private let isEmpty: Bool
    private let othersAreEmpty: Bool

    /// - Returns: `nil` where both are the same.
    init?(_ run: [OperatorSignature], from other: [OperatorSignature]) {
        guard run != other else { return nil }
        let shorter = min(run.count, other.count)
        let start = zip(run, other).prefix { $0 == $1 }.count
        let end = zip(run.reversed(), other.reversed()).prefix { $0 == $1 }.count
        let kept = min(end, shorter - start)
        own = run[start..<(run.count - kept)]
        others = other[start..<(other.count - kept)]
        (isEmpty, othersAreEmpty) = (run.isEmpty, other.isEmpty)
    }

    /// Such as “h is Mul 0.5, and theirs the identity” and “F lacks BN”.
    ///
    /// - Parameter part: h, F or f.
    func sentence(of part: String, there: String = "theirs") -> String {
        if isEmpty { return "\(part) is the identity, and \(there) \(Self.words(others))" }
        if othersAreEmpty { return "\(part) is \(Self.words(own)), and \(there) the identity" }
        if own.isEmpty { return "\(part) lacks \(Self.words(others))" }
        if others.isEmpty { return "\(part) has \(Self.words(own)) besides" }
        return "\(part) has \(Self.words(own)) in place of \(Self.words(others))"
    }

    static func words(_ run: some Collection<OperatorSignature>) -> String {
        OperatorRun.text(of: run.map(\.description))
    }
}
