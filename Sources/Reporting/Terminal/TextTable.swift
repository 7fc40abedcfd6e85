/// A table of words and numbers in monospaced text.
struct TextTable {
    struct Column {
        let heading: String
        /// `nil` for a null.
        let cells: [String?]
        let isNumber: Bool
    }

    private let columns: [Column]
    private let style: TerminalStyle

    init(_ columns: [Column], style: TerminalStyle) {
        self.columns = columns
        self.style = style
    }

    /// The heading and one line a row; only as many columns as fit, and the names of the others.
    var lines: [String] {
        var parts: [[String]] = []
        var width = 0
        for column in columns.enumerated().map({ laidOut($1, isFirst: $0 == 0) }) {
            guard let length = column.first?.count, width + length < style.width || parts.isEmpty else {
                break
            }
            width += length
            parts.append(column)
        }
        guard let height = parts.first?.count else { return [] }
        let rows = (0..<height).map { row in
            let line = parts.map { $0[row] }.joined()
            return row == 0 ? style.paint(line, .heading) : line
        }
        let others = columns.dropFirst(parts.count).map { style.shown($0.heading) }
        return rows + TextLayout.leftOut(others, width: style.width).map { style.paint($0, .quiet) }
    }

    /// Heading and cells of one column, all of one width, two spaces before them, or one before words that come first.
    private func laidOut(_ column: Column, isFirst: Bool) -> [String] {
        let null = style.either("·", "-")
        let cells =
            column.isNumber
            ? TextLayout.alignedAtPoint(column.cells.map { $0.map(style.shown) }, null: null)
            : column.cells.map { $0.map(style.shown) ?? null }
        let heading = style.shown(column.heading)
        let width = max(heading.count, cells.map(\.count).max() ?? 0)
        let gap = isFirst && !column.isNumber ? " " : "  "
        return ([heading] + cells).map { text in
            gap
                + (column.isNumber
                    ? TextLayout.leftPadded(text, to: width) : TextLayout.padded(text, to: width))
        }
    }
}
