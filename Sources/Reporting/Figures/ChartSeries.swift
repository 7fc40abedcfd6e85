/// One line of a chart: a value, or a gap, for every row.
struct ChartSeries: Sendable {
    /// How the line is drawn, so that a print without colours still tells the lines apart.
    enum Stroke: String, Sendable {
        case plain, wide, dashed
        /// What theory expects: a thin dotted line in a pale band.
        case expected
        /// No line: a mark at each value.
        case marks
    }

    /// A sign that stands on a line now and then, and tells lines apart that lie on each other or have no colour.
    enum Marker: Sendable, CaseIterable {
        case circle, diamond, hollowCircle, square, triangle, hollowSquare
    }

    var label: String
    let colour: SeriesColour
    let stroke: Stroke
    var marker: Marker?
    /// By row, in the units of the axis: on a logarithmic axis these are logarithms.
    let values: [Double?]
    /// Rows that the line does not come to from the row before: another recursion begins there.
    var breaks: Set<Int> = []
    /// The line goes on over rows without a value: nothing was to be measured there.
    var isSparse = false
    /// Whether the legend names it; a line may belong to another of its colour and width.
    var isListed = true
    /// Rows where it is not drawn, since it would cover another line; their values are told all the same.
    private(set) var covered: Set<Int> = []
    /// The quartiles about each value, drawn as a band; empty where values stand alone.
    let spread: [ClosedRange<Double>?]
    /// Least and greatest value, quartiles included; `nil` when every value is null.
    let range: ClosedRange<Double>?

    init(
        _ label: String, _ colour: SeriesColour, _ stroke: Stroke = .plain, _ values: [Double?],
        spread: [ClosedRange<Double>?] = []
    ) {
        self.label = label
        self.colour = colour
        self.stroke = stroke
        self.values = values.map { value in value.flatMap { $0.isFinite ? $0 : nil } }
        self.spread = spread
        let ends = spread.lazy.compactMap(\.self).flatMap { [$0.lowerBound, $0.upperBound] }
        let present = self.values.compactMap(\.self) + ends
        range = present.min().flatMap { least in present.max().map { least...$0 } }
    }

    func marked(_ marker: Marker?) -> ChartSeries {
        var series = self
        series.marker = marker
        return series
    }

    /// Drawn only where it lies further than this from another line, and on to the rows beside, where the two part;
    /// the label says so.
    ///
    /// - Parameter distance: in the units of the axis.
    func apart(from other: ChartSeries, by distance: Double) -> ChartSeries {
        func isNear(_ row: Int) -> Bool {
            guard values.indices.contains(row), let value = values[row] else { return true }
            return other.values[row].map { abs($0 - value) < distance } ?? false
        }
        var series = self
        series.covered = Set(values.indices.filter { row in (row - 1...row + 1).allSatisfy(isNear) })
        if series.drawn.allSatisfy({ $0 == nil }) {
            series.label += ", on the line of \(other.label)"
        } else if series.covered.contains(where: { values[$0] != nil }) {
            series.label += ", elsewhere on the line of \(other.label)"
        }
        return series
    }

    /// The values that are drawn.
    var drawn: [Double?] {
        covered.isEmpty ? values : values.indices.map { covered.contains($0) ? nil : values[$0] }
    }
}
