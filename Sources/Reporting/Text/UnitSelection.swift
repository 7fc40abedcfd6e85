import Analysis

/// Chooses the rows that stand for all rows where there is no room for them.
enum UnitSelection {
    /// Indices of about `count` rows: the first, the last, every edge of a stage as far as it fits, the unit
    /// where something happened, and between them rows evenly spaced.
    static func rows(of result: AnalysisResult, count: Int) -> [Int] {
        let total = result.units.count
        guard total > max(count, 2) else { return Array(0..<total) }
        var chosen: Set = [0, total - 1]
        let events = [result.firstNonFiniteUnit, result.directVanishesAtUnit].compactMap(\.self)
        insert(events, into: &chosen, total: total, limit: count)
        insert(result.network.stages.map(\.firstUnit), into: &chosen, total: total, limit: count)
        insert(result.network.stages.map(\.lastUnit), into: &chosen, total: total, limit: count)
        return fill(chosen.sorted(), to: count)
    }

    /// All of a group or none: half of the stage boundaries would mislead.
    private static func insert(_ rows: [Int], into chosen: inout Set<Int>, total: Int, limit: Int) {
        let extended = chosen.union(rows.filter { (0..<total).contains($0) })
        if extended.count <= limit { chosen = extended }
    }

    /// Gives each stretch between fixed rows as many rows as keeps the widest step smallest.
    private static func fill(_ fixed: [Int], to count: Int) -> [Int] {
        let lengths = zip(fixed.dropFirst(), fixed).map { $0 - $1 }
        var steps = Array(repeating: 1, count: lengths.count)
        for _ in 0..<max(0, count - fixed.count) {
            // Only a stretch that still has a row to give can be divided.
            let widest = lengths.indices.filter { steps[$0] < lengths[$0] }
                .max { lengths[$0] * steps[$1] < lengths[$1] * steps[$0] }
            guard let widest else { break }
            steps[widest] += 1
        }
        let filled = lengths.indices.flatMap { stretch in
            (0..<steps[stretch]).map { fixed[stretch] + $0 * lengths[stretch] / steps[stretch] }
        }
        return filled + fixed.suffix(1)
    }
}
