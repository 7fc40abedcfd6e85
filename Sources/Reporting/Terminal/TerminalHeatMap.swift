import NumericalMethods

/// A heat map in a terminal: numbers on coloured ground, or beside a shade where there are no colours.
struct TerminalHeatMap {
    private let map: HeatMap
    private let style: TerminalStyle

    init(_ map: HeatMap, style: TerminalStyle) {
        self.map = map
        self.style = style
    }

    /// Title, the columns' labels, and a line a row; what does not fit is left out, and said.
    var text: [String] {
        let axes = [map.rowTitle, map.columnTitle].filter { !$0.isEmpty }
        let names = axes.count == 2 ? "\(axes[0]) down, \(axes[1]) across" : axes.first ?? ""
        let title = style.paint(style.shown(map.title), .heading) + (names.isEmpty ? "" : "   \(names)")
        let heading =
            " " + TextLayout.padded("", to: labelWidth)
            + map.columnLabels.prefix(columnCount).map { label in
                TextLayout.leftPadded(style.shown(label), to: cellWidth - 1) + " "
            }.joined()
        let rows = zip(map.rowLabels, map.cells).map { label, cells in
            " " + TextLayout.padded(style.shown(label), to: labelWidth)
                + cells.prefix(columnCount).map(cell).joined()
        }
        let left = map.columnLabels.count - columnCount
        let note = left > 0 ? [" and \(Quantity.counted(left, "column")) more; the CSV holds all"] : []
        return [" " + title, style.paint(heading, .quiet)] + rows + note
    }

    private var labelWidth: Int { (map.rowLabels.map { style.shown($0).count }.max() ?? 0) + 1 }

    private var cellWidth: Int {
        let texts = map.cells.joined().map(number) + map.columnLabels.map(style.shown)
        return (texts.map(\.count).max() ?? 0) + (style.colour ? 3 : 4)
    }

    private var columnCount: Int {
        max(1, min(map.columnLabels.count, (style.width - labelWidth - 2) / cellWidth))
    }

    private func number(_ cell: HeatMap.Cell) -> String {
        map.text(cell, minus: style.minus, null: style.either("–", "-"))
    }

    private func cell(_ cell: HeatMap.Cell) -> String {
        let share = cell.value.map(map.share)
        guard style.colour else {
            let shades = style.either("·░▒▓█", ".:+*#").map(String.init)
            let shade =
                share.map { shades[min(shades.count - 1, Int(saturating: $0 * Double(shades.count)))] } ?? " "
            return " " + shade + TextLayout.leftPadded(number(cell), to: cellWidth - 3) + " "
        }
        let text = TextLayout.leftPadded(number(cell), to: cellWidth - 1) + " "
        guard let share else { return text }
        let colour = HeatColour(share: share)
        return "\u{1B}[48;5;\(colour.terminalIndex);38;5;\(colour.wantsDarkText ? 16 : 231)m\(text)\u{1B}[0m"
    }
}
