/// Series against unit l: everything a drawing needs, and nothing about how it is drawn.
struct LineChart: Sendable {
    /// A shaded range of rows, one stage.
    struct Band: Sendable {
        let rows: ClosedRange<Int>
        let label: String
        /// Where the label does not fit.
        let shortLabel: String
    }

    /// A horizontal line at a value that means something: a tolerance.
    struct Rule: Sendable {
        let value: Double
        let label: String
    }

    let title: String
    let axis: ValueAxis
    let series: [ChartSeries]
    let bands: [Band]
    var rules: [Rule] = []
    /// L + 1.
    let rowCount: Int
    /// What the rows are.
    var rowTitle = "unit l (signal →, gradient ←)"
    /// What a row is called when it is pointed at, before the values.
    let rowName: @Sendable (Int) -> String
    /// How a value of the axis is written when it is pointed at.
    var valueText: @Sendable (Double) -> String = { NumberStyle.decimals(2).text($0, minus: "−") }

    /// Nothing to draw.
    var isEmpty: Bool { series.allSatisfy { $0.range == nil } }
}
