import Analysis
import NumericalMethods

/// A chart of lines against depth; by default log10 norms: total, direct, through weights.
struct TerminalChart {
    /// A series with its sign, which tells it apart without colour.
    struct Line {
        let name: String
        let sign: String
        let ink: TerminalStyle.Ink
        let series: ChartSeries
    }

    /// What the lines stand along.
    struct Abscissa {
        var name = "unit l"
        let rowCount: Int
        /// Rows where a stage begins.
        var stageStarts: [Int] = []
        /// Values of the first and last row, where they are not the rows' numbers.
        var ends: ClosedRange<Double>?
    }

    private let heading: String
    private let abscissa: Abscissa
    private let style: TerminalStyle
    private let rows: Int
    private let lines: [Line]
    private let axis: ValueAxis
    private let labels: [String?]
    private let labelWidth: Int

    init(_ result: AnalysisResult, style: TerminalStyle, rows: Int) {
        let measured: [(String, String, TerminalStyle.Ink, [Double?])] = [
            ("through weights", style.either("○", "w"), .weights, result.units.map(\.throughWeightsLog10)),
            ("direct", style.either("◆", "d"), .direct, result.units.map(\.directLog10)),
            ("total", style.either("●", "t"), .total, result.units.map(\.gradientLog10)),
        ]
        let lines = measured.map { name, sign, ink, values in
            Line(name: name, sign: sign, ink: ink, series: ChartSeries(name, .slate, .plain, values))
        }
        self.init(
            lines, heading: "log10 norm of",
            along: Abscissa(
                rowCount: result.units.count, stageStarts: result.network.stages.map(\.firstUnit)),
            style: style, rows: rows)
    }

    /// - Parameter lines: at most eight, the one that matters most last.
    init(_ lines: [Line], heading: String, along abscissa: Abscissa, style: TerminalStyle, rows: Int) {
        self.lines = lines
        self.heading = heading
        self.abscissa = abscissa
        self.style = style
        self.rows = max(3, rows)
        let axis = ValueAxis(
            title: "", scale: .linear, series: lines.map(\.series), tickCount: max(2, rows / 2))
        self.axis = axis
        labels = TerminalChart.labels(axis, rows: self.rows, minus: style.minus)
        labelWidth = max(6, labels.compactMap { $0?.count }.max() ?? 0)
    }

    /// Legend with ranges, the plot, and the axis of units.
    var text: [String] {
        guard !axis.ticks.isEmpty, lines.contains(where: { $0.series.range != nil }) else {
            return [
                " " + style.paint("log10 of gradient norms", .heading) + ": not measured, every value is null"
            ]
        }
        return legend + plot + unitAxis
    }

    private var columns: Int { max(10, style.width - labelWidth - 4) }
    private var lastRow: Int { max(1, abscissa.rowCount - 1) }

    private var legend: [String] {
        let items = lines.reversed().map { line -> (plain: String, painted: String) in
            let rest = " \(line.name) \(range(line.series))"
            return (line.sign + rest, style.paint(line.sign, line.ink) + rest)
        }
        let plain = TextLayout.flow([heading] + items.map(\.plain), gap: "   ", width: style.width - 1)
        let painted = Dictionary(items.map { ($0.plain, $0.painted) }) { first, _ in first }
        return plain.map { line in
            " " + line.map { painted[$0] ?? style.paint($0, .heading) }.joined(separator: "   ")
        }
    }

    private func range(_ series: ChartSeries) -> String {
        guard let range = series.range else { return style.either("–", "-") }
        let decimals = NumberStyle.decimals(1)
        let ends = [range.lowerBound, range.upperBound].map { decimals.text($0, minus: style.minus) }
        return ends.joined(separator: style.either(" … ", " to "))
    }

    private var plot: [String] {
        let canvas = drawn()
        let stages = Set(abscissa.stageStarts.filter { $0 > 1 }.map { column(row: $0) })
        return (0..<rows).map { row in
            let label = TextLayout.leftPadded(labels[row] ?? "", to: labelWidth)
            let edge = style.either(labels[row] == nil ? "│" : "┤", labels[row] == nil ? "|" : "+")
            let cells = (0..<columns).map { cell(canvas, column: $0, row: row, isStage: stages.contains($0)) }
            return " \(style.paint(label, .quiet)) \(style.paint(edge, .quiet))\(cells.joined())"
        }
    }

    private func cell(_ canvas: DotCanvas, column: Int, row: Int, isStage: Bool) -> String {
        switch canvas.content(column: column, row: row) {
        case .sign(let series): style.paint(lines[series].sign, lines[series].ink)
        case .braille(let dots, let series): style.paint(String(dots), lines[series].ink)
        case .empty: isStage ? style.paint(style.either("┊", ":"), .quiet) : " "
        }
    }

    private func drawn() -> DotCanvas {
        var canvas = DotCanvas(columns: columns, rows: rows, braille: style.unicode)
        for (index, line) in lines.enumerated() {
            drawSpread(of: line.series, series: index, on: &canvas)
            for run in Decimation.runs(
                line.series.values, limit: canvas.width * 4, isSparse: line.series.isSparse)
            {
                draw(run, series: index, on: &canvas)
            }
        }
        return canvas
    }

    /// A bar from quartile to quartile now and then, each series at columns of its own.
    private func drawSpread(of series: ChartSeries, series index: Int, on canvas: inout DotCanvas) {
        let period = max(8, canvas.width / 24)
        for x in stride(from: (index + 1) * period / (lines.count + 1), to: canvas.width, by: period) {
            let row = Int(saturating: (Double(x) / Double(canvas.width - 1) * Double(lastRow)).rounded())
            guard series.spread.indices.contains(row), let spread = series.spread[row] else { continue }
            let ends = [spread.lowerBound, spread.upperBound].map { value in
                canvas.height - 1
                    - Int(saturating: (axis.position(value) * Double(canvas.height - 1)).rounded())
            }
            canvas.line(from: (x, ends[0]), to: (x, ends[1]), series: index)
        }
    }

    private func draw(_ run: [Decimation.Point], series: Int, on canvas: inout DotCanvas) {
        let places = run.map { point in
            (
                x: Int(
                    saturating: (Double(point.row) / Double(lastRow) * Double(canvas.width - 1)).rounded()),
                y: canvas.height - 1
                    - Int(saturating: (axis.position(point.value) * Double(canvas.height - 1)).rounded())
            )
        }
        for (start, end) in zip(places, places.dropFirst()) {
            canvas.line(from: start, to: end, series: series)
        }
        // A sign now and then, each series at columns of its own, and always on what has no line.
        let period = max(3, canvas.width / 6)
        var next = (series + 1) * period / (lines.count + 1)
        for place in places where places.count == 1 || place.x >= next {
            canvas.mark(x: place.x, y: place.y, series: series)
            next += period * max(1, (place.x - next) / period + 1)
        }
    }

    private func column(row: Int) -> Int {
        Int(saturating: (Double(row) / Double(lastRow) * Double(columns - 1)).rounded())
    }

    private var ticks: [(row: Int, label: String)] {
        guard let ends = abscissa.ends else {
            let step = max(1, ValueAxis.niceStep(Double(lastRow) / 8).rounded(.up))
            return ValueAxis.multiples(of: step, in: 0...Double(lastRow))
                .map { (Int(saturating: $0), Int(saturating: $0).description) }
        }
        let length = ends.upperBound - ends.lowerBound
        return ValueAxis.multiples(of: ValueAxis.niceStep(length / 8), in: ends).map { value in
            let share = (value - ends.lowerBound) / length
            return (
                Int(saturating: (share * Double(lastRow)).rounded()), NumberStyle.significant(2).text(value)
            )
        }
    }

    private var unitAxis: [String] {
        let ticks = ticks
        var line = Array(repeating: style.either("─", "-"), count: columns)
        var numbers = Array(repeating: " ", count: columns + labelWidth + 3)
        for tick in ticks {
            line[column(row: tick.row)] = style.either("┴", "+")
            let label = tick.label.map(String.init)
            let centred = labelWidth + 3 + column(row: tick.row) - label.count / 2
            let start = min(centred, numbers.count - label.count)
            for (offset, digit) in label.enumerated() where numbers.indices.contains(start + offset) {
                numbers[start + offset] = digit
            }
        }
        let corner = String(repeating: " ", count: labelWidth + 2) + style.either("└", "+")
        let name = abscissa.name
        numbers.replaceSubrange(0..<min(numbers.count, name.count + 1), with: " \(name)".map(String.init))
        return [style.paint(corner + line.joined(), .quiet), style.paint(numbers.joined(), .quiet)]
    }

    /// The label of each row of cells, where a tick falls into it.
    private static func labels(_ axis: ValueAxis, rows: Int, minus: String) -> [String?] {
        var labels = [String?](repeating: nil, count: rows)
        for tick in axis.ticks {
            let row = rows - 1 - Int(saturating: (axis.position(tick) * Double(rows - 1)).rounded())
            guard labels.indices.contains(row) else { continue }
            labels[row] = axis.label(tick).replacing("−", with: minus)
        }
        return labels
    }
}
