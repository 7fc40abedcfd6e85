/// Draws a `HeatMap` as SVG: a coloured cell for every pair of values, its number in it, and a legend.
struct HeatMapDrawing {
    private let map: HeatMap
    private let heading: FigureHeading
    private let place: LineChartDrawing.Place
    private let left: Double
    private let cellWidth: Double
    private let cellHeight = 36.0

    init(_ map: HeatMap, subtitle: String, place: LineChartDrawing.Place) {
        self.map = map
        heading = FigureHeading(title: map.title, subtitle: subtitle)
        self.place = place
        let longest = map.rowLabels.map(\.count).max() ?? 0
        left = (map.rowTitle.isEmpty ? 24 : 46) + 7.2 * Double(longest)
        let texts = map.cells.joined().map { map.text($0, minus: "−") } + map.columnLabels
        cellWidth = max(64, 7.4 * Double(texts.map(\.count).max() ?? 0) + 18)
    }

    private var top: Double { 84 + heading.extraHeight }
    private var width: Double { max(520, left + cellWidth * Double(map.columnLabels.count) + 24) }
    private var plotBottom: Double { top + cellHeight * Double(map.rowLabels.count) }
    private var height: Double { plotBottom + 62 }

    var svg: String {
        let title = map.title.escapedForXML
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="propagate-figure heat-map" \
            viewBox="0 0 \(n(width)) \(n(height))" style="max-width: \(n(width))px" role="img" \
            aria-label="\(title)">
            \(place == .file ? FigureStyle.file : "")\(heading.svg(x: 24))\
            \(axes)\(cells)\(legend)</svg>

            """
    }

    private var axes: String {
        let columns = map.columnLabels.enumerated().map { index, label in
            text(
                label, x: left + cellWidth * (Double(index) + 0.5), y: top - 9, anchor: "middle",
                class: "tick")
        }
        let rows = map.rowLabels.enumerated().map { index, label in
            text(
                label, x: left - 9, y: top + cellHeight * (Double(index) + 0.5) + 4, anchor: "end",
                class: "tick")
        }
        let across = left + cellWidth * Double(map.columnLabels.count) / 2
        let down = (top + plotBottom) / 2
        return columns.joined() + rows.joined()
            + text(map.columnTitle, x: across, y: top - 30, anchor: "middle", class: "axis-title")
                + """
                <text class="axis-title" text-anchor="middle" \
                transform="translate(18 \(n(down))) rotate(-90)">\(map.rowTitle.typesetForSVG(size: 12.5))</text>

                """
    }

    private var cells: String {
        map.cells.enumerated().map { row, cells in
            cells.enumerated().map { column, cell in
                drawn(
                    cell, x: left + cellWidth * Double(column), y: top + cellHeight * Double(row))
            }.joined()
        }.joined()
    }

    private func drawn(_ cell: HeatMap.Cell, x: Double, y: Double) -> String {
        let colour = cell.value.map { HeatColour(share: map.share($0)) }
        let fill = colour.map { "fill=\"\($0.hexadecimal)\"" } ?? "class=\"band\""
        let ink = colour.map { "style=\"fill: \($0.wantsDarkText ? "#000000" : "#ffffff")\"" } ?? ""
        let number = map.text(cell, minus: "−").escapedForXML
        return """
            <g><title>\(cell.note.escapedForXML)</title>\
            <rect x="\(n(x + 1))" y="\(n(y + 1))" width="\(n(cellWidth - 2))" height="\(n(cellHeight - 2))" \
            rx="3" \(fill)/>\
            <text class="tick" \(ink) text-anchor="middle" x="\(n(x + cellWidth / 2))" \
            y="\(n(y + cellHeight / 2 + 4))">\(number)</text></g>

            """
    }

    private var legend: String { HeatLegendDrawing(map, x: left, y: plotBottom + 18).svg }

    private func text(
        _ string: String, x: Double, y: Double, anchor: String = "start", class name: String
    ) -> String {
        """
        <text x="\(n(x))" y="\(n(y))" text-anchor="\(anchor)" class="\(name)">\(string.typesetForSVG(size: 12))</text>

        """
    }

    private func n(_ coordinate: Double) -> String { ChartFrame.text(coordinate) }
}
