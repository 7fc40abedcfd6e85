/// Thins a series to what a screen can show, without losing a peak or a valley.
enum Decimation {
    /// A value and the row it belongs to.
    struct Point: Sendable, Equatable {
        let row: Int
        let value: Double
    }

    /// The series as runs of points between gaps. Beyond `limit` rows every bucket of rows is stood for by its
    /// least and its greatest value, in their order; a gap narrower than a bucket, which is narrower than a
    /// pixel, is then not drawn.
    ///
    /// - Parameter isSparse: rows without a value are no gaps; only breaks end a run.
    static func runs(
        _ values: [Double?], limit: Int, breaks: Set<Int> = [], isSparse: Bool = false
    ) -> [[Point]] {
        let width = values.count > limit ? max(1, 2 * values.count / max(2, limit)) : 1
        let runs = contiguous(
            values, ignoringGapsUpTo: isSparse ? values.count : width - 1, breaks: breaks)
        return width == 1 ? runs : runs.map { extremes($0, bucket: width) }
    }

    /// Evenly spaced rows, the last included, at most about `limit`.
    static func rows(_ count: Int, limit: Int) -> [Int] {
        guard count > limit, limit > 1 else { return Array(0..<count) }
        return (0..<limit).map { $0 * (count - 1) / (limit - 1) }
    }

    private static func contiguous(_ values: [Double?], ignoringGapsUpTo gap: Int, breaks: Set<Int>)
        -> [[Point]]
    {
        var runs: [[Point]] = []
        var current: [Point] = []
        for (row, value) in values.enumerated() {
            guard let value else { continue }
            if let last = current.last, row - last.row > gap + 1 || breaks.contains(row) {
                runs.append(current)
                current = []
            }
            current.append(Point(row: row, value: value))
        }
        return current.isEmpty ? runs : runs + [current]
    }

    private static func extremes(_ run: [Point], bucket: Int) -> [Point] {
        var thinned: [Point] = []
        var start = run.startIndex
        while start < run.endIndex {
            let limit = (run[start].row / bucket + 1) * bucket
            let end = run[start...].firstIndex { $0.row >= limit } ?? run.endIndex
            let part = run[start..<end]
            let extremes = [
                part.min { $0.value < $1.value }, part.max { $0.value < $1.value },
                // The ends of a run stay, or a line would stop short of its gap.
                start == run.startIndex ? part.first : nil, end == run.endIndex ? part.last : nil,
            ]
            for point in extremes.compactMap(\.self).sorted(by: { $0.row < $1.row })
            where point != thinned.last {
                thinned.append(point)
            }
            start = end
        }
        return thinned
    }
}
