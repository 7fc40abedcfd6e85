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

    /// How much of a cell is shown.
    enum Detail: Sendable, Equatable {
        /// Its colour with its number in it.
        case numbers
        /// Its colour alone, for many cells; only as many labels as there is room for.
        case colours
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
    var detail = Detail.numbers
    /// What the colours span where several maps share them; otherwise the map's own range.
    var sharedRange: ClosedRange<Double>?

    /// Least and greatest value; `nil` where there is none.
    var range: ClosedRange<Double>? {
        let values = cells.joined().compactMap(\.value)
        return values.min().flatMap { least in values.max().map { least...$0 } }
    }

    /// What the colours span.
    var colourRange: ClosedRange<Double>? { sharedRange ?? range }

    /// Where in the colours' range a value lies, 0 … 1; the middle where all are equal.
    func share(_ value: Double) -> Double {
        guard let range = colourRange, range.upperBound > range.lowerBound else { return 0.5 }
        return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// The number that stands in a cell.
    func text(_ cell: Cell, minus: String, null: String = "–") -> String {
        guard cell.isMeasured else { return "" }
        return (cell.value.map { style.text($0, minus: minus) } ?? null) + (cell.checksHold ? "" : " !")
    }
}
