import NumericalMethods

/// Lays networks of several depths over each other: rows that divide the way from x_0 to x_L evenly.
struct RelativeDepth {
    /// Enough that no unit of the deepest network is lost, and a multiple of its units.
    let rowCount: Int

    init(unitCounts: [Int]) {
        let deepest = max(1, unitCounts.max() ?? 1)
        rowCount = deepest * max(1, (400 + deepest - 1) / deepest) + 1
    }

    /// Values between two units are interpolated on the line that a chart would draw; null beside a null.
    func resampled(_ values: [Double?]) -> [Double?] {
        guard values.count > 1 else { return Array(repeating: values.first ?? nil, count: rowCount) }
        return (0..<rowCount).map { row in
            let place = Double(row) * Double(values.count - 1) / Double(rowCount - 1)
            let lower = min(Int(saturating: place), values.count - 2)
            let share = place - Double(lower)
            if share == 0 { return values[lower] }
            if share == 1 { return values[lower + 1] }
            guard let start = values[lower], let end = values[lower + 1] else { return nil }
            return start + share * (end - start)
        }
    }
}
