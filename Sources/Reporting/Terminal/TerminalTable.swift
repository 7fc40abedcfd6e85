import Analysis

/// The table of about a dozen units.
struct TerminalTable {
    private let result: AnalysisResult
    private let style: TerminalStyle
    private let rows: Int

    init(_ result: AnalysisResult, style: TerminalStyle, rows: Int) {
        self.result = result
        self.style = style
        self.rows = rows
    }

    /// A heading and one line per row; only as many columns as fit.
    var text: [String] {
        let units = UnitSelection.rows(of: result, count: rows).map { result.units[$0] }
        var columns: [[String]] = []
        var width = 1
        for column in shown(units) {
            let cells = column.map { "  " + $0 }
            guard width + (cells.first?.count ?? 0) <= style.width else { break }
            width += cells.first?.count ?? 0
            columns.append(cells)
        }
        return (0...units.count).map { line in
            let text = columns.map { $0[line] }.joined()
            return line == 0 ? style.paint(text, .heading) : text
        }
    }

    /// Heading and cells of every column that has a value, the most telling first.
    private func shown(_ units: [UnitMeasurement]) -> [[String]] {
        TerminalTable.names.compactMap { name in
            guard let column = UnitTable.columns.first(where: { $0.name == name }) else { return nil }
            let texts = units.map { column.text($0, minus: style.minus) }
            guard texts.contains(where: { $0 != nil }) else { return nil }
            let cells = TextLayout.alignedAtPoint(texts, null: style.either("·", "-"))
            let heading = style.shown(column.heading)
            let width = max(heading.count, cells.first?.count ?? 0)
            return ([heading] + cells).map { TextLayout.leftPadded($0, to: width) }
        }
    }

    private static let names = [
        "unit", "stage", "channels", "gradient_log10", "direct_log10", "through_weights_log10", "cosine",
        "shortcut_product_log10", "forward_rms", "decomposition_error", "negative_share",
    ]
}
