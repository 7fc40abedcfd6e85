import Analysis

/// The checked identities: one line for all that hold, and one with its reason for each that does not or cannot say.
struct TerminalChecks {
    let checks: [IdentityCheck]
    /// Of several seeds: the one with the largest error, for each check.
    var seeds: [UInt64]?
    /// How many probes were made; 0 to leave them out.
    var probeCount = 0

    func text(_ style: TerminalStyle) -> [String] {
        let decided = checks.filter { $0.passed != nil }
        let outcome: Bool? = decided.isEmpty ? nil : decided.allSatisfy { $0.passed == true }
        let others = style.isVerbose ? checks : checks.filter { $0.passed != true }
        let width = others.map { style.shown($0.name).count }.max() ?? 0
        return style.item(outcome, "", overview(style.minus))
            + others.flatMap { check in
                style.item(
                    check.passed, TextLayout.padded(style.shown(check.name), to: width) + "  ",
                    words(check, style.minus))
            }
    }

    /// "5 of 5 identities hold; worst probe_total 1.4e−8 of 2.3e−4"
    private func overview(_ minus: String) -> String {
        let decided = checks.filter { $0.passed != nil }
        let held = decided.filter { $0.passed == true }
        let every = seeds == nil ? "" : " with every seed"
        let count =
            decided.isEmpty
            ? "no identity could be checked" : "\(held.count) of \(decided.count) identities hold\(every)"
        let worst = held.filter { $0.tolerance > 0 && $0.worstError != nil }.max { share($0) < share($1) }
        let probes = probeCount == 0 ? "" : " · \(Quantity.counted(probeCount, "probe"))"
        return count + (worst.map { "; worst \($0.name) \(number($0, minus))" } ?? "") + probes
    }

    private func words(_ check: IdentityCheck, _ minus: String) -> String {
        let error = check.worstError == nil ? "" : "\(number(check, minus)): "
        return switch check.passed {
        case true?: error + check.statement
        case false?: "fails\(error.isEmpty ? ": " : ", ")\(error)\(check.statement)"
        case nil: Summary.outcome(check) + (check.worstError == nil ? "" : ": \(check.toleranceReason)")
        }
    }

    /// "1.4e−8 of 2.3e−4 at l = 0"
    private func number(_ check: IdentityCheck, _ minus: String) -> String {
        let error = check.worstError.map { NumberStyle.error.text($0, minus: minus) } ?? "–"
        let unit = check.worstUnit.map { " at l = \($0)" } ?? ""
        let seed =
            seeds.flatMap { seeds in
                checks.firstIndex(of: check).map { " with seed \(seeds[$0])" }
            } ?? ""
        return "\(error) of \(NumberStyle.error.text(check.tolerance, minus: minus))\(unit)\(seed)"
    }

    private func share(_ check: IdentityCheck) -> Double { (check.worstError ?? 0) / check.tolerance }
}
