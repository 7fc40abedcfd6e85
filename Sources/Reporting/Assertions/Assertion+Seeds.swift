/// Assertions about several seeds.
extension Assertion {
    /// What the reports of several seeds say, by the quantifier.
    ///
    /// - Parameter reports: one for each seed; at least one.
    public func judge(_ reports: [(seed: UInt64, report: JSONValue)]) -> AssertionFinding {
        switch condition {
        case .numbers(let chain) where quantifier == .median: judgeMedians(of: chain, reports.map(\.report))
        case .numbers, .word: judgeEach(reports)
        }
    }

    /// A side has a median where more than half of the seeds have a value for it.
    private func judgeMedians(of chain: NumberChain, _ reports: [JSONValue]) -> AssertionFinding {
        var (found, reason): ([[Double]], String?) = ([], nil)
        for report in reports {
            do throws(AssertionFinding.Unknown) {
                found.append(try chain.sides(in: report))
            } catch {
                reason = reason ?? error.reason
            }
        }
        let medians = (0...chain.links.count).map { side in
            QuartileBand(
                found.map { $0[side] } + Array(repeating: nil, count: reports.count - found.count)
            ).median
        }
        let present = medians.compactMap(\.self)
        guard present.count == medians.count else {
            let count = reports.count - found.count
            return AssertionFinding(
                text: text, outcome: .cannotSay(reason ?? "its arithmetic leaves the range of numbers"),
                seeds: "with \(count) of \(Quantity.counted(reports.count, "seed"))")
        }
        return finding(chain, present, of: "medians of \(Quantity.counted(reports.count, "seed"))")
    }

    /// Of seeds that do not hold, the first gives its numbers; one that fails goes before one that cannot say.
    private func judgeEach(_ reports: [(seed: UInt64, report: JSONValue)]) -> AssertionFinding {
        let findings = reports.map { (seed: $0.seed, finding: judge($0.report)) }
        let all = Quantity.counted(reports.count, "seed")
        let failing = findings.filter { $0.finding.outcome == .fails }
        let others = failing.isEmpty ? findings.filter { $0.finding.outcome != .holds } : failing
        guard let worst = others.first else {
            return AssertionFinding(
                text: text, outcome: .holds, seeds: "with each of \(all)")
        }
        return AssertionFinding(
            text: text, outcome: worst.finding.outcome, values: worst.finding.values,
            comparisons: worst.finding.comparisons, found: worst.finding.found,
            seeds: "with \(others.count) of \(all), first with seed \(worst.seed)")
    }
}
