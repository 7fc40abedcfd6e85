/// Numbers on a grid of two axes: everything a drawing needs, and nothing about how it is drawn.
struct HeatMap: Sendable {
    struct Cell: Sendable, Equatable {
        /// `nil` for a null.
        let value: Double?
        let isMeasured: Bool
        let checksHold: Bool
        /// What is said of the cell when it is pointed at.
        let note: String
    }

    let title: String
    /// Name of what the numbers are.
    let quantity: String
    let caption: String
    let rowTitle: String
    let columnTitle: String
    let rowLabels: [String]
    let columnLabels: [String]
    /// Row by row.
    let cells: [[Cell]]
    let style: NumberStyle

    /// Least and greatest value; `nil` where there is none.
    var range: ClosedRange<Double>? {
        let values = cells.joined().compactMap(\.value)
        return values.min().flatMap { least in values.max().map { least...$0 } }
    }

    /// Where in the range a value lies, 0 … 1; the middle where all are equal.
    func share(_ value: Double) -> Double {
        guard let range, range.upperBound > range.lowerBound else { return 0.5 }
        return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// The number that stands in a cell.
    func text(_ cell: Cell, minus: String, null: String = "–") -> String {
        guard cell.isMeasured else { return "" }
        return (cell.value.map { style.text($0, minus: minus) } ?? null) + (cell.checksHold ? "" : " !")
    }
}
