import NumericalMethods

/// Draws a `HeatMap` of many cells as SVG: a field of colours without numbers.
///
/// Cells of one colour are one path, and neighbours of one colour in a column one rectangle of it: a hundred rows and
/// columns stay a small file.
struct HeatFieldDrawing {
    private let map: HeatMap
    private let heading: FigureHeading
    private let place: LineChartDrawing.Place
    private let left: Double
    private let width = 620.0
    private let plotHeight = 300.0
    /// Colours that are told apart: more than an eye does on this scale.
    private let shades = 64

    init(_ map: HeatMap, subtitle: String, place: LineChartDrawing.Place) {
        self.map = map
        heading = FigureHeading(title: map.title, subtitle: subtitle)
        self.place = place
        left = (map.rowTitle.isEmpty ? 24 : 46) + 7.2 * Double(map.rowLabels.map(\.count).max() ?? 0)
    }

    private var top: Double { 62 + heading.extraHeight }
    private var plotWidth: Double { width - left - 24 }
    private var plotBottom: Double { top + plotHeight }
    private var height: Double { plotBottom + 96 }
    private var cellWidth: Double { plotWidth / Double(max(1, map.columnLabels.count)) }
    private var cellHeight: Double { plotHeight / Double(max(1, map.rowLabels.count)) }

    var svg: String {
        let title = map.title.escapedForXML
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="propagate-figure heat-map" \
            viewBox="0 0 \(n(width)) \(n(height))" style="max-width: \(n(width * 1.5))px" role="img" \
            aria-label="\(title)">
            \(place == .file ? FigureStyle.file : "")\(heading.svg(x: 24))\
            \(ground)\(field)\(nothing)\(axes)\(legend)\(columns)</svg>

            """
    }

    /// What is seen where there is no value.
    private var ground: String {
        """
        <rect class="band" x="\(n(left))" y="\(n(top))" width="\(n(plotWidth))" height="\(n(plotHeight))"/>

        """
    }

    private var field: String {
        var paths = Array(repeating: "", count: shades)
        for column in map.columnLabels.indices {
            let (start, end) = (x(column), x(column + 1))
            var row = 0
            while row < map.cells.count {
                let shade = shade(row, column)
                var next = row + 1
                while next < map.cells.count, self.shade(next, column) == shade { next += 1 }
                if let shade {
                    paths[shade] += "M\(n(start)) \(n(y(row)))H\(n(end))V\(n(y(next)))H\(n(start))z"
                }
                row = next
            }
        }
        let drawn = paths.enumerated().filter { !$0.element.isEmpty }.map { shade, path in
            let colour = HeatColour(share: Double(shade) / Double(shades - 1)).hexadecimal
            return "<path fill=\"\(colour)\" d=\"\(path)\"/>\n"
        }
        return "<g shape-rendering=\"crispEdges\">\n\(drawn.joined())</g>\n"
    }

    private var nothing: String {
        guard map.range == nil else { return "" }
        return text("no value", x: left + plotWidth / 2, y: top + plotHeight / 2, class: "axis-title")
    }

    private func shade(_ row: Int, _ column: Int) -> Int? {
        guard map.cells[row].indices.contains(column), let value = map.cells[row][column].value else {
            return nil
        }
        let share = max(0, min(1, map.share(value)))
        return Int(saturating: (share * Double(shades - 1)).rounded())
    }

    private var axes: String {
        let across = shown(map.columnLabels.indices.map { x($0) + cellWidth / 2 }) { index in
            7.2 * Double(map.columnLabels[index].count) + 12
        }
        let down = shown(map.rowLabels.indices.map { y($0) + cellHeight / 2 }) { _ in 16 }
        let labels =
            across.map { column in
                let middle = x(column) + cellWidth / 2
                return "<path class=\"frame\" d=\"M\(n(middle)) \(n(plotBottom))v5\"/>\n"
                    + text(map.columnLabels[column], x: middle, y: plotBottom + 19, class: "tick")
            }
            + down.map { row in
                text(
                    map.rowLabels[row], x: left - 7, y: y(row) + cellHeight / 2 + 4, anchor: "end",
                    class: "tick")
            }
        return """
            <rect class="frame" x="\(n(left))" y="\(n(top))" width="\(n(plotWidth))" height="\(n(plotHeight))"/>
            \(labels.joined())\(text(
                map.columnTitle, x: left + plotWidth / 2, y: plotBottom + 40, class: "axis-title"))\
            <text class="axis-title" text-anchor="middle" \
            transform="translate(18 \(n(top + plotHeight / 2))) rotate(-90)">\(map.rowTitle.typesetForSVG(size: 12.5))</text>

            """
    }

    /// Which labels are written: the last, the first, and between them those that keep clear of each other.
    private func shown(_ places: [Double], width: (Int) -> Double) -> [Int] {
        guard let last = places.indices.last else { return [] }
        func isClear(_ one: Int, _ other: Int) -> Bool {
            abs(places[one] - places[other]) >= (width(one) + width(other)) / 2
        }
        var shown = [last]
        if last > 0, isClear(0, last) { shown.append(0) }
        for index in places.indices where index > 0 && shown.allSatisfy({ $0 != index && isClear($0, index) })
        {
            shown.append(index)
        }
        return shown.sorted()
    }

    private var legend: String {
        let y = plotBottom + 54
        guard map.cells.joined().contains(where: { $0.value == nil }) else {
            return HeatLegendDrawing(map, x: left, y: y).svg
        }
        let x = left + HeatLegendDrawing.length + 28
        return HeatLegendDrawing(map, x: left, y: y).svg + """
            <rect class="band" x="\(n(x))" y="\(n(y))" width="16" height="10"/>
            <rect class="frame" x="\(n(x))" y="\(n(y))" width="16" height="10"/>
            \(text("no value", x: x + 23, y: y + 9, anchor: "start", class: "tick"))
            """
    }

    /// Invisible columns that say their extremes when they are pointed at.
    private var columns: String {
        map.columnLabels.indices.map { column in
            let cells = map.cells.enumerated().compactMap { row, cells in
                cells.indices.contains(column) ? cells[column].value.map { (row: row, value: $0) } : nil
            }
            let ends = [cells.min { $0.value < $1.value }, cells.max { $0.value < $1.value }].compactMap(
                \.self)
            let words = zip(["least", "greatest"], ends).map { name, end in
                "\(name) \(map.style.text(end.value, minus: "−")) at \(map.rowTitle) \(map.rowLabels[end.row])"
            }
            let note =
                (["\(map.columnTitle) \(map.columnLabels[column])"] + (words.isEmpty ? ["no value"] : words))
                .joined(separator: "\n")
            return """
                <rect fill-opacity="0" x="\(n(x(column)))" y="\(n(top))" width="\(n(cellWidth))" \
                height="\(n(plotHeight))"><title>\(note.escapedForXML)</title></rect>

                """
        }.joined()
    }

    private func x(_ column: Int) -> Double { left + cellWidth * Double(column) }
    private func y(_ row: Int) -> Double { top + cellHeight * Double(row) }

    private func text(
        _ string: String, x: Double, y: Double, anchor: String = "middle", class name: String
    ) -> String {
        """
        <text x="\(n(x))" y="\(n(y))" text-anchor="\(anchor)" class="\(name)">\(string.typesetForSVG(size: 12))</text>

        """
    }

    private func n(_ coordinate: Double) -> String { ChartFrame.text(coordinate) }
}
