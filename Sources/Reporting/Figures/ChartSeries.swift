/// One line of a chart: a value, or a gap, for every row.
struct ChartSeries: Sendable {
    /// How the line is drawn, so that a print without colours still tells the lines apart.
    enum Stroke: String, Sendable {
        case plain, wide, dashed
        case wideDashed = "wide dashed"
        /// No line: a mark at each value.
        case marks
    }

    let label: String
    let colour: SeriesColour
    let stroke: Stroke
    /// By row, in the units of the axis: on a logarithmic axis these are logarithms.
    let values: [Double?]
    /// Rows that the line does not come to from the row before: another recursion begins there.
    var breaks: Set<Int> = []
    /// The line goes on over rows without a value: nothing was to be measured there.
    var isSparse = false
    /// Whether the legend names it; a line may belong to another of its colour and width.
    var isListed = true
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
}
