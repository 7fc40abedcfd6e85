import NumericalMethods

/// Draws a `LineChart` as SVG.
struct LineChartDrawing {
    /// Where the drawing is going to stand.
    enum Place: Sendable {
        /// A file of its own: carries its style sheet and paints its paper.
        case file
        /// Within a page that has the style sheet; leaves room for the page's script to show values.
        case page
    }

    /// How much room the drawing takes: letters keep their size.
    enum Size: Sendable {
        case full, half
    }

    private let chart: LineChart
    private let heading: FigureHeading
    private let place: Place
    private let frame: ChartFrame
    /// More points than this cannot be told apart across the plot.
    private let pointLimit = 1640
    private let hitLimit = 410

    init(_ chart: LineChart, subtitle: String, place: Place, size: Size = .full) {
        self.chart = chart
        self.place = place
        heading = FigureHeading(title: chart.title, subtitle: subtitle)
        let lastRow = max(0, chart.rowCount - 1)
        let extra = heading.extraHeight
        let frame = ChartFrame(size: size, lastRow: lastRow, axis: chart.axis, heading: extra)
        let lines = Self.legendPlaces(chart, in: frame).last.map { $0.line + 1 } ?? 1
        self.frame = ChartFrame(
            size: size, lastRow: lastRow, axis: chart.axis, heading: extra, legendLines: lines)
    }

    var svg: String {
        let size = "0 0 \(ChartFrame.text(frame.width)) \(ChartFrame.text(frame.height))"
        let parts = [
            place == .file ? FigureStyle.file : "", heading.svg(x: frame.left), legend, bands, valueAxis,
            unitAxis, rules, milestones, spreads, lines, nothing, hits,
        ]
        let title = chart.title.escapedForXML
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="propagate-figure" viewBox="\(size)" role="img" \
            aria-label="\(title)">
            \(parts.joined())</svg>

            """
    }

    private var legend: String {
        let shown = chart.series.filter { $0.range != nil && $0.isListed }
        let items = zip(shown, Self.legendPlaces(chart, in: frame)).map { series, place in
            let y = frame.legendTop + 18 * Double(place.line)
            return sign(of: series, x: place.x, y: y)
                + text(series.label, x: place.x + Self.signWidth(of: series) + 7, y: y + 4)
        }
        return "<g class=\"legend\">\n\(items.joined())</g>\n"
    }

    /// A series as the legend shows it: its line with its marker, in its band.
    private func sign(of series: ChartSeries, x: Double, y: Double) -> String {
        guard series.stroke != .marks else { return mark(series, x: x + 5, y: y) }
        let stretch = "M\(n(x)) \(n(y))h\(n(Self.signWidth(of: series)))"
        let band = series.stroke == .expected ? area(series, "\(stretch)Z") : ""
        let marker = series.marker == nil ? "" : mark(series, x: x + 13, y: y)
        return band + line(series, stretch) + marker
    }

    private static func signWidth(of series: ChartSeries) -> Double { series.stroke == .marks ? 9 : 26 }

    /// Where each item of the legend begins, and on which line.
    private static func legendPlaces(_ chart: LineChart, in frame: ChartFrame) -> [(x: Double, line: Int)] {
        var (x, line) = (frame.left, 0)
        return chart.series.filter { $0.range != nil && $0.isListed }.map { series in
            let width = signWidth(of: series) + 7 + Double(series.label.count) * 7
            if x > frame.left, x + width > frame.width { (x, line) = (frame.left, line + 1) }
            defer { x += width + (frame.size == .full ? 24 : 14) }
            return (x, line)
        }
    }

    /// Every second stage is shaded, and named where its name fits: all in full, or all in short.
    private var bands: String {
        func fits(_ name: String, _ width: Double) -> Bool { Double(name.count) * 6.3 + 4 < width }
        let short = chart.bands.contains { band in
            let width = frame.plotWidth * Double(band.rows.count) / Double(frame.lastRow + 1)
            return fits(band.shortLabel, width) && !fits(band.label, width)
        }
        return chart.bands.enumerated().map { index, band in
            let start = frame.x(row: Double(band.rows.lowerBound) - 0.5)
            let width = frame.x(row: Double(band.rows.upperBound) + 0.5) - start
            var svg = ""
            if index.isMultiple(of: 2) == (chart.bands.count > 2) {
                svg += """
                    <rect class="band" x="\(n(start))" y="\(n(frame.top - 20))" width="\(n(width))" \
                    height="\(n(frame.plotHeight + 20))"/>

                    """
            }
            let name = short ? band.shortLabel : band.label
            if fits(name, width) {
                svg += text(name, x: start + width / 2, y: frame.top - 6, anchor: "middle")
            }
            return svg
        }.joined()
    }

    private var valueAxis: String {
        let ticks = chart.axis.ticks.map { tick in
            let y = frame.y(tick)
            let isZero = tick == 0 && chart.axis.scale == .linear
            return
                "<path class=\"grid\(isZero ? " zero" : "")\" d=\"M\(n(frame.left)) \(n(y))h\(n(frame.plotWidth))\"/>\n"
                + text(chart.axis.label(tick), x: frame.left - 9, y: y + 4, anchor: "end", class: "tick")
        }
        let middle = frame.top + frame.plotHeight / 2
        let title = chart.axis.title.typesetForSVG(size: 12.5)
        return ticks.joined() + """
            <text class="axis-title" text-anchor="middle" \
            transform="translate(18 \(n(middle))) rotate(-90)">\(title)</text>

            """
    }

    private var unitAxis: String {
        let step = max(1, ValueAxis.niceStep(Double(frame.lastRow) / (frame.plotWidth / 85)).rounded(.up))
        let ticks = chart.abscissa.ticks(lastRow: frame.lastRow, step: step).map { row, label in
            let x = frame.x(row: row)
            return "<path class=\"frame\" d=\"M\(n(x)) \(n(frame.plotBottom))v5\"/>\n"
                + text(label, x: x, y: frame.plotBottom + 19, anchor: "middle", class: "tick")
        }
        let middle = frame.left + frame.plotWidth / 2
        return ticks.joined() + """
            <path class="frame" d="M\(n(frame.left)) \(n(frame.top))V\(n(frame.plotBottom))H\(n(frame.plotRight))"/>
            \(text(
                chart.abscissa.title, x: middle, y: frame.height - 12, anchor: "middle",
                class: "axis-title"))
            """
    }

    private var rules: String {
        let shown = chart.rules.filter { chart.axis.range.contains($0.value) }
        return shown.sorted { $0.value > $1.value }.enumerated().map { index, rule in
            let y = frame.y(rule.value)
            // The last of several is named below its line, where no other line runs through the name.
            let isBelow = y < frame.top + 18 || (index > 0 && index == shown.count - 1)
            // Side by side, so that two close tolerances do not write over each other.
            let end = frame.plotRight - 4 - Double(index) * 230
            return "<path class=\"rule\" d=\"M\(n(frame.left)) \(n(y))h\(n(frame.plotWidth))\"/>\n"
                + text(rule.label, x: end, y: isBelow ? y + 14 : y - 5, anchor: "end")
        }.joined()
    }

    /// Dashed lines from top to bottom, each named above the plot if its name ends before the next one's begins; at the
    /// foot of the plot where stages are named above it.
    private var milestones: String {
        chart.milestones.enumerated().map { index, milestone in
            let x = frame.x(row: milestone.row)
            let line =
                milestone.isChange
                ? "<path class=\"rule\" d=\"M\(n(x)) \(n(frame.top))v\(n(frame.plotHeight))\"/>\n" : ""
            let next = chart.milestones.dropFirst(index + 1).first.map { frame.x(row: $0.row) }
            let width = 6.8 * Double(milestone.label.count)
            guard x + width + 8 < next ?? .infinity else { return line }
            guard chart.bands.isEmpty else {
                let isLeft = x + 4 + width > frame.plotRight
                return line
                    + text(
                        milestone.label, x: isLeft ? x - 4 : x + 4, y: frame.plotBottom - 8,
                        anchor: isLeft ? "end" : nil)
            }
            let isAtEnd = x - 2 + width > frame.width
            return line
                + text(
                    milestone.label, x: isAtEnd ? frame.width - 2 : x - 2, y: frame.top - 6,
                    anchor: isAtEnd ? "end" : nil)
        }.joined()
    }

    /// Bands between the quartiles, behind all lines.
    private var spreads: String {
        chart.series.map { series in
            let rows = Decimation.rows(series.spread.count, limit: pointLimit / 2)
            let runs = rows.split { series.spread[$0] == nil || series.breaks.contains($0 + 1) }
            return runs.map { area(series, rows: Array($0)) }.joined()
        }.joined()
    }

    private func area(_ series: ChartSeries, rows: [Int]) -> String {
        func points(_ rows: [Int], _ end: (ClosedRange<Double>) -> Double) -> [String] {
            rows.compactMap { row in
                series.spread[row].map { "\(n(frame.x(row: Double(row)))) \(n(frame.y(end($0))))" }
            }
        }
        let outline = points(rows, \.upperBound) + points(rows.reversed(), \.lowerBound)
        return area(series, "M\(outline.joined(separator: "L"))Z")
    }

    private func area(_ series: ChartSeries, _ data: String) -> String {
        let name = series.stroke == .expected ? "area expected" : "area"
        return "<path class=\"\(name) \(series.colour.rawValue)\" d=\"\(data)\"/>\n"
    }

    /// Every line with its markers, the first of the legend over all others.
    private var lines: String {
        let marked = chart.series.indices.filter { chart.series[$0].marker != nil }
        return chart.series.enumerated().reversed().map { index, series in
            let runs = Decimation.runs(
                series.drawn, limit: pointLimit, breaks: series.breaks, isSparse: series.isSparse)
            let drawn = series.stroke == .marks ? [] : runs.filter { $0.count > 1 }
            let place = marked.firstIndex(of: index).map { ($0, of: marked.count) }
            let marks = runs.flatMap { self.marked($0, of: series, place: place) }
                .map { mark(series, x: frame.x(row: Double($0.row)), y: frame.y($0.value)) }
            return (drawn.isEmpty ? "" : line(series, drawn.map(path).joined())) + marks.joined()
        }.joined()
    }

    /// The points of a run that take a marker: about a dozen across the chart, each line at rows of its own.
    ///
    /// - Parameter place: which of the marked lines it is; `nil` where it has no marker.
    private func marked(
        _ run: [Decimation.Point], of series: ChartSeries, place: (index: Int, of: Int)?
    ) -> [Decimation.Point] {
        // A value between two gaps has no line, and would be lost without a mark.
        if series.stroke == .marks || run.count == 1 { return run }
        guard let (index, count) = place else { return [] }
        let step = max(1, Double(chart.rowCount) / 12, min(Double(count), Double(chart.rowCount) / 4))
        let offset = step * Double(index) / Double(count)
        var next = 1
        let chosen = run.filter { point in
            let turn = Int(saturating: ((Double(point.row) - offset) / step).rounded(.down)) + 1
            defer { next = max(next, turn + 1) }
            return turn >= next
        }
        return chosen.isEmpty ? [run[run.count / 2]] : chosen
    }

    private func path(_ run: [Decimation.Point]) -> String {
        run.enumerated().map { index, point in
            let command = index == 0 ? "M" : index == 1 ? "L" : " "
            return "\(command)\(n(frame.x(row: Double(point.row)))) \(n(frame.y(point.value)))"
        }.joined()
    }

    private var nothing: String {
        guard chart.isEmpty else { return "" }
        return text(
            chart.nothing, x: frame.left + frame.plotWidth / 2,
            y: frame.top + frame.plotHeight / 2, anchor: "middle", class: "axis-title")
    }

    /// Invisible columns that say their values when they are pointed at, with or without a script.
    private var hits: String {
        guard !chart.isEmpty else { return "" }
        let rows = Decimation.rows(chart.rowCount, limit: hitLimit)
        let width = n(frame.plotWidth / Double(max(1, rows.count)) + 0.2)
        let columns = rows.map { row in
            let start = "M\(n(frame.x(row: Double(row)))) \(n(frame.top))v\(n(frame.plotHeight))"
            return "<path d=\"\(start)\"\(heights(row: row))><title>\(values(row: row))</title></path>\n"
        }
        return "<g class=\"hits\"\(colours) stroke-width=\"\(width)\">\n\(columns.joined())</g>\n"
    }

    /// For the page's script: the colour of each series that the columns tell of.
    private var colours: String {
        guard place == .page else { return "" }
        let names = chart.series.filter { $0.range != nil }.map(\.colour.rawValue)
        return " data-colours=\"\(names.joined(separator: ","))\""
    }

    /// For the page's script: where each series stands in this column.
    private func heights(row: Int) -> String {
        guard place == .page else { return "" }
        let heights = chart.series.filter { $0.range != nil }.map { series in
            value(series, row: row).map { n(frame.y($0)) } ?? ""
        }
        return " data-y=\"\(heights.joined(separator: ","))\""
    }

    private func values(row: Int) -> String {
        let lines = chart.series.filter { $0.range != nil }.map { series in
            "\(series.label): \(value(series, row: row).map(chart.valueText) ?? "–")\(quartiles(series, row: row))"
        }
        return ([chart.rowName(row)] + lines).joined(separator: "\n").escapedForXML
    }

    private func quartiles(_ series: ChartSeries, row: Int) -> String {
        guard series.spread.indices.contains(row), let spread = series.spread[row] else { return "" }
        return " [\(chart.valueText(spread.lowerBound)), \(chart.valueText(spread.upperBound))]"
    }

    private func value(_ series: ChartSeries, row: Int) -> Double? {
        series.values.indices.contains(row) ? series.values[row] : nil
    }

    private func line(_ series: ChartSeries, _ data: String) -> String {
        "<path class=\"line \(series.stroke.rawValue) \(series.colour.rawValue)\" d=\"\(data)\"/>\n"
    }

    private func mark(_ series: ChartSeries, x: Double, y: Double) -> String {
        MarkerDrawing.svg(series.marker ?? .circle, series.colour, x: x, y: y)
    }

    private func text(
        _ string: String, x: Double, y: Double, anchor: String? = nil, class name: String? = nil
    ) -> String {
        let anchor = anchor.map { " text-anchor=\"\($0)\"" } ?? ""
        let name = name.map { " class=\"\($0)\"" } ?? ""
        return "<text x=\"\(n(x))\" y=\"\(n(y))\"\(anchor)\(name)>\(string.typesetForSVG(size: 12))</text>\n"
    }

    private func n(_ coordinate: Double) -> String { ChartFrame.text(coordinate) }
}
