/// What a check of value against derivatives found in a network.
public struct DerivativeReport: Sendable, Equatable {
    /// Of random directions.
    public let seed: UInt64
    /// Operations that were checked, wherever they stand.
    public internal(set) var operations = 0
    /// In the order of computation; of each operand in JVP and VJP.
    public internal(set) var findings: [DerivativeFinding] = []
    /// Why the operations behind some place could not be reached; `nil` where all were.
    public internal(set) var obstacle: String?

    /// Whether no derivative was found wrong, and no operator otherwise broken. What could not be judged breaks nothing.
    public var holds: Bool { failures.isEmpty }
    /// Whether every derivative is right: `nil` where none is known to be wrong and not all could be reached, or none judged.
    public var outcome: Bool? {
        guard failures.isEmpty else { return false }
        return obstacle == nil && agreeing > 0 ? true : nil
    }
    public var failures: [DerivativeFinding] { findings.filter(\.isFailure) }
    /// What could not be judged, or is not finite.
    public var remarks: [DerivativeFinding] { findings.filter { !$0.isFailure && $0.verdict != .agrees } }
    /// Derivatives that agree with differences of the value.
    public var agreeing: Int { findings.count { $0.verdict == .agrees } }

    init(seed: UInt64) { self.seed = seed }

    /// In one line.
    public var summary: String {
        guard operations > 0 else { return "Every operation is built in: there is nothing to check." }
        let counts = [
            (agreeing, "as differences of the value say"), (failures.count, "wrong"),
            (remarks.count, "not judged"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        let reached = obstacle.map { " The check ended early: \($0)" } ?? ""
        let noun = operations == 1 ? "operation" : "operations"
        return "Derivatives of \(operations) \(noun): \(counts.isEmpty ? "none to judge" : counts).\(reached)"
    }

    /// Of failures, then of remarks, one a kind with the places that it stands for: a function used by every unit is wrong in
    /// every unit.
    public var sentences: [String] {
        [failures, remarks].flatMap { findings in
            var (order, groups) = ([Kind](), [Kind: [DerivativeFinding]]())
            for finding in findings {
                let kind = Kind(finding)
                if groups[kind] == nil { order.append(kind) }
                groups[kind, default: []].append(finding)
            }
            return order.compactMap { groups[$0] }.map { group in
                let others = group.count - 1
                let more = others == 0 ? "" : " So it is at \(others) other place\(others == 1 ? "" : "s")."
                return group[0].sentence + more
            }
        }
    }

    /// What findings have in common at all places of an operation.
    private struct Kind: Hashable {
        let operation: String
        let slot: Int?
        let mode: DerivativeFinding.Mode
        let verdict: String

        init(_ finding: DerivativeFinding) {
            (operation, slot, mode) = (finding.operation, finding.slot, finding.mode)
            verdict = "\(finding.verdict)"
        }
    }
}
