/// Finds the word that someone who mistyped probably meant.
public enum ClosestMatch {
    /// The candidate nearest to `word`, or nil if none is near.
    ///
    /// A unique candidate that begins with `word` wins; then the smallest edit
    /// distance, as long as less than half of the longer word has to change. Case
    /// does not count. Of equals the first wins.
    public static func find(_ word: String, in candidates: [String]) -> String? {
        let wanted = word.lowercased()
        guard !wanted.isEmpty else { return nil }
        let completions = candidates.filter { $0.lowercased().hasPrefix(wanted) }
        if completions.count == 1 { return completions[0] }
        // Words of very different lengths are far apart: a word of any length costs no more than one of twice a candidate's.
        let comparable = candidates.filter {
            2 * abs($0.count - word.count) < max($0.count, word.count)
        }
        let distances = comparable.map { (word: $0, distance: distance(wanted, $0.lowercased())) }
        guard let best = distances.min(by: { $0.distance < $1.distance }),
            2 * best.distance < max(word.count, best.word.count)
        else { return nil }
        return best.word
    }

    /// The least number of insertions, deletions, substitutions and exchanges of
    /// neighbours that turn one word into the other (optimal string alignment).
    public static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first), Array(second))
        guard !first.isEmpty, !second.isEmpty else { return max(first.count, second.count) }
        // Rows of the table of prefix distances: two above, above, this one.
        var (older, above) = ([Int](), Array(0...second.count))
        for row in 1...first.count {
            var current = [row]
            for column in 1...second.count {
                let isSame = first[row - 1] == second[column - 1]
                var best = min(
                    above[column] + 1, current[column - 1] + 1, above[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, first[row - 1] == second[column - 2],
                    first[row - 2] == second[column - 1]
                {
                    best = min(best, older[column - 2] + 1)
                }
                current.append(best)
            }
            (older, above) = (above, current)
        }
        return above[second.count]
    }
}
