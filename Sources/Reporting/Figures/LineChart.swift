import NumericalMethods

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

    /// A vertical line where something changed: the learning rate.
    struct Milestone: Sendable {
        /// May lie between two rows.
        let row: Double
        let label: String
        /// Whether something changed there; at the start nothing did, and only the label stands.
        var isChange = true
    }

    /// What the rows stand for.
    enum Abscissa: Sendable {
        /// Row l is x_l.
        case units
        /// Rows divide the way from x_0 to x_L evenly, for networks of several depths.
        case relativeDepth
        /// Row k counts residual branches.
        case pathLengths
        /// Rows are places t on the line between two images, by name.
        case linePlaces([String])
        /// Rows are points of a training curve, by the iterations done.
        case iterations([Int])

        var title: String {
            switch self {
            case .units: "unit l (signal →, gradient ←)"
            case .relativeDepth: "relative depth l / L (signal →, gradient ←)"
            case .pathLengths: "path length k, in residual branches"
            case .linePlaces: "place t on the line from one image to another"
            case .iterations: "iterations"
            }
        }

        /// Rows and their labels; `step` is a round number of rows that leaves room for labels.
        func ticks(lastRow: Int, step: Double) -> [(row: Double, label: String)] {
            switch self {
            case .units, .pathLengths:
                ValueAxis.multiples(of: step, in: 0...Double(lastRow)).map {
                    ($0, Quantity.grouped(Int(saturating: $0)))
                }
            case .linePlaces(let names):
                stride(from: lastRow, through: 0, by: -max(1, Int(saturating: step))).reversed()
                    .map { (Double($0), names[$0]) }
            case .iterations(let done):
                stride(from: lastRow, through: 0, by: -max(1, Int(saturating: step))).reversed()
                    .filter { done.indices.contains($0) }.map { (Double($0), Quantity.grouped(done[$0])) }
            case .relativeDepth:
                (0...5).map { fifth in
                    (Double(fifth) / 5 * Double(lastRow), NumberStyle.decimals(1).text(Double(fifth) / 5))
                }
            }
        }
    }

    let title: String
    let axis: ValueAxis
    let series: [ChartSeries]
    let bands: [Band]
    var rules: [Rule] = []
    /// From left to right.
    var milestones: [Milestone] = []
    var abscissa = Abscissa.units
    /// L + 1.
    let rowCount: Int
    /// What a row is called when it is pointed at, before the values.
    let rowName: @Sendable (Int) -> String
    /// How a value of the axis is written when it is pointed at.
    var valueText: @Sendable (Double) -> String = { NumberStyle.decimals(2).text($0, minus: "−") }

    /// What is said where there is nothing to draw.
    var nothing = "not measured: every value is null"

    /// Nothing to draw.
    var isEmpty: Bool { series.allSatisfy { $0.range == nil } }
}
