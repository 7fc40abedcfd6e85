import Analysis

/// One quantity of all seeds beside theory.
struct SeedTheory: Sendable, Equatable {
    let quantity: String
    /// Seeds by what their measurement came to.
    let agreeing: Int
    let partlyAgreeing: Int
    let departing: Int
    let undecided: Int
    /// The verdict that is nearest to the end of its allowance, or furthest beyond, and its seed.
    let worst: QuantityVerdict
    let seed: UInt64

    /// One for each quantity that was held against theory; empty where none was.
    static func all(_ statistics: SeedStatistics) -> [SeedTheory] {
        statistics.results[0].theory.map(\.quantity).compactMap { quantity in
            let verdicts = zip(statistics.seeds, statistics.results).compactMap { seed, result in
                result.theory.first { $0.quantity == quantity }.map { (seed, $0) }
            }
            return SeedTheory(quantity, verdicts)
        }
    }

    private init?(_ quantity: String, _ verdicts: [(seed: UInt64, verdict: QuantityVerdict)]) {
        func count(_ outcome: QuantityVerdict.Outcome) -> Int {
            verdicts.count { $0.verdict.outcome == outcome }
        }
        func severity(_ verdict: QuantityVerdict) -> Double {
            guard let departure = verdict.departure, let allowance = verdict.allowance, allowance > 0 else {
                return -1
            }
            return abs(departure) / allowance + (verdict.outcome == .departs ? 1 : 0)
        }
        let undecidedFirst = count(.departs) == 0 && count(.cannotSay) > 0
        let told = undecidedFirst ? verdicts.filter { $0.verdict.outcome == .cannotSay } : verdicts
        guard let worst = told.max(by: { severity($0.verdict) < severity($1.verdict) }) else {
            return nil
        }
        self.quantity = quantity
        agreeing = count(.agrees)
        partlyAgreeing = count(.agreesInPart)
        departing = count(.departs)
        undecided = count(.cannotSay)
        self.worst = worst.verdict
        seed = worst.seed
    }

    /// Departs where it departs with any seed, agrees where it agrees with all.
    var outcome: QuantityVerdict.Outcome {
        departing > 0
            ? .departs : undecided > 0 ? .cannotSay : partlyAgreeing > 0 ? .agreesInPart : .agrees
    }

    func line(minus: String) -> TheoryLine {
        TheoryLine(quantity: quantity, outcome: outcome, sentence: sentence(minus: minus))
    }

    private func sentence(minus: String) -> String {
        let seeds = Quantity.counted(agreeing + partlyAgreeing + departing + undecided, "seed")
        func place(_ between: String) -> String {
            guard let distance = Summary.distance(worst, minus: minus), let unit = worst.unit else {
                return ""
            }
            return "\(between) \(distance) at x_\(unit) (seed \(seed))"
        }
        return switch outcome {
        case .agrees: "agrees with \(agreeing) of \(seeds)\(place(": off by at most"))"
        case .agreesInPart:
            "agrees with \(agreeing + partlyAgreeing) of \(seeds), with \(partlyAgreeing) on some rows only"
                + place(": off by at most")
        case .departs: "departs with \(departing) of \(seeds)\(place(", first by"))"
        case .cannotSay: "cannot say with \(undecided) of \(seeds): \(worst.reason ?? "nothing was compared")"
        }
    }

    /// The lines of one table, or of the only seed.
    static func lines(_ statistics: SeedStatistics, minus: String) -> [TheoryLine] {
        guard statistics.results.count > 1 else {
            return statistics.results[0].theory.map { TheoryLine($0, minus: minus) }
        }
        return all(statistics).map { $0.line(minus: minus) }
    }

    /// All quantities in a few words, for a table of networks: "agrees", "departs: direct_log10", "agrees; cannot say:
    /// forward_rms".
    static func summary(_ statistics: SeedStatistics) -> String? {
        let all = all(statistics)
        guard !all.isEmpty else { return nil }
        func names(_ outcome: QuantityVerdict.Outcome) -> [String] {
            all.filter { $0.outcome == outcome }.map(\.quantity)
        }
        if !names(.departs).isEmpty { return "departs: \(names(.departs).joined(separator: ", "))" }
        let (partly, undecided) = (names(.agreesInPart), names(.cannotSay))
        guard undecided.count < all.count else { return "cannot say" }
        return [
            names(.agrees).isEmpty ? nil : "agrees",
            partly.isEmpty ? nil : "agrees in part: \(partly.joined(separator: ", "))",
            undecided.isEmpty ? nil : "cannot say: \(undecided.joined(separator: ", "))",
        ].compactMap(\.self).joined(separator: "; ")
    }
}
