/// A random case of a property: drawn from a seed, described in one line, and able to name simpler cases.
public protocol PropertyCase: CustomStringConvertible, Sendable {
    /// The case of a seed; the same on every machine.
    init(seed: UInt64)
    /// Cases that are simpler in one respect each, the boldest simplification first; none for the simplest.
    var simpler: [Self] { get }
}

/// A case for which a property fails, shrunk as far as it goes.
public struct Counterexample<Case: PropertyCase>: CustomStringConvertible {
    public let seed: UInt64
    /// The case of the seed, and why it fails.
    public let drawn: Case
    public let reason: String
    /// The simplest case found that fails too, and why.
    public let shrunk: Case
    public let shrunkReason: String

    public var description: String {
        """
        seed \(seed): \(reason)
          drawn:  \(drawn)
          shrunk: \(shrunk): \(shrunkReason)
        """
    }
}

/// The first counterexample to a property among `cases` seeded cases, shrunk; `nil` if there is none.
///
/// - Parameter failure: why the property fails for a case, `nil` if it holds; a thrown error is a failure too.
public func counterexample<Case: PropertyCase>(
    to property: String, cases: Int, firstSeed: UInt64 = 1, of type: Case.Type = Case.self,
    failure: (Case) throws -> String?
) -> Counterexample<Case>? {
    for seed in firstSeed..<(firstSeed + UInt64(cases)) {
        let drawn = Case(seed: seed)
        guard let reason = outcome(of: drawn, failure) else { continue }
        let (shrunk, shrunkReason) = shrink(drawn, reason: reason, failure)
        return Counterexample(
            seed: seed, drawn: drawn, reason: "\(property): \(reason)", shrunk: shrunk,
            shrunkReason: shrunkReason)
    }
    return nil
}

private func outcome<Case>(of drawn: Case, _ failure: (Case) throws -> String?) -> String? {
    do { return try failure(drawn) } catch { return "threw \(error)" }
}

/// Takes the first simpler case that still fails, until none does.
private func shrink<Case: PropertyCase>(
    _ start: Case, reason: String, _ failure: (Case) throws -> String?
) -> (Case, String) {
    var (current, currentReason) = (start, reason)
    // A shrink halves or removes something, so it ends by itself; the bound guards against a `simpler` that
    // runs in circles.
    for _ in 0..<100 {
        guard let (next, nextReason) = firstFailure(among: current.simpler, failure) else { break }
        (current, currentReason) = (next, nextReason)
    }
    return (current, currentReason)
}

private func firstFailure<Case>(
    among cases: [Case], _ failure: (Case) throws -> String?
) -> (Case, String)? {
    for simpler in cases {
        if let reason = outcome(of: simpler, failure) { return (simpler, reason) }
    }
    return nil
}
