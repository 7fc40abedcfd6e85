import Analysis
import Foundation

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

    /// A column as it is printed: heading and cells, all of one width, and whether they are logarithms.
    private struct Column {
        let heading: String
        let cells: [String]
        let isLogarithm: Bool

        var width: Int { heading.count }
    }

    /// Headings and one line per row; only as many columns as fit, and the names of the others.
    var text: [String] {
        let units = UnitSelection.rows(of: result, count: rows).map { result.units[$0] }
        var columns: [Column] = []
        var width = 1
        let measured = measured(units)
        for column in measured {
            guard width + column.width <= style.width else { break }
            width += column.width
            columns.append(column)
        }
        let heading = style.paint(columns.map(\.heading).joined(), .heading)
        let lines = units.indices.map { row in columns.map { $0.cells[row] }.joined() }
        let others = measured.dropFirst(columns.count).map {
            $0.heading.trimmingCharacters(in: .whitespaces)
        }
        return unitsOfMeasure(columns) + [heading] + lines
            + TextLayout.leftOut(others, width: style.width).map { style.paint($0, .quiet) }
    }

    /// A line over the columns that are logarithms, which says so.
    private func unitsOfMeasure(_ columns: [Column]) -> [String] {
        guard let first = columns.firstIndex(where: \.isLogarithm) else { return [] }
        let start = columns[..<first].map(\.width).reduce(0, +)
        let length = columns[first...].prefix(while: \.isLogarithm).map(\.width).reduce(0, +) - 2
        let name = length > 8 ? " log10 " : ""
        let rule = style.either("─", "-")
        let left = max(0, length - name.count) / 2
        let over = String(repeating: rule, count: left) + name
        let line = over + String(repeating: rule, count: max(0, length - over.count))
        return [String(repeating: " ", count: start + 2) + style.paint(line, .quiet)]
    }

    /// Every column that has a value, the most telling first.
    private func measured(_ units: [UnitMeasurement]) -> [Column] {
        TerminalTable.names.compactMap { name in
            guard let column = UnitTable.columns.first(where: { $0.name == name }) else { return nil }
            let texts = units.map { column.text($0, minus: style.minus) }
            guard texts.contains(where: { $0 != nil }) else { return nil }
            let null = style.either("·", "-")
            let heading = style.shown(column.heading)
            guard !column.isName else {
                let words = texts.map { $0.map(style.shown) ?? null }
                let width = max(heading.count, words.map(\.count).max() ?? 0)
                return Column(
                    heading: "  " + TextLayout.padded(heading, to: width),
                    cells: words.map { "  " + TextLayout.padded($0, to: width) }, isLogarithm: false)
            }
            let cells = TextLayout.alignedAtPoint(texts, null: null)
            let width = max(heading.count, cells.first?.count ?? 0) + 2
            return Column(
                heading: TextLayout.leftPadded(heading, to: width),
                cells: cells.map { TextLayout.leftPadded($0, to: width) },
                isLogarithm: name.hasSuffix("_log10"))
        }
    }

    private static let names = [
        "unit", "label", "stage", "channels", "gradient_log10", "direct_log10", "through_weights_log10",
        "shortcut_product_log10", "cosine", "forward_rms", "decomposition_error", "negative_share",
    ]
}
