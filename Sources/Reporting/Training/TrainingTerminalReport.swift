import Foundation
import NumericalMethods
import Training

/// A training run on one screen: what was trained how, what came of it, how it ended, loss and error as a chart.
struct TrainingTerminalReport {
    private let report: TrainingReport
    private let style: TerminalStyle
    private let words: TrainingWords

    init(_ report: TrainingReport, style: TerminalStyle) {
        self.report = report
        self.style = style
        words = TrainingWords(report.result, minus: style.minus)
    }

    var text: String {
        let recipe = report.result.recipe
        let head = header + wrapped("\(RecipeTable(recipe).convention) \(recipe.sentence).")
        let tail = outcome + ending
        let measured = heatMap + propagation
        let room = style.height - head.count - tail.count - measured.count - 4
        let sections = [head, chart(rows: min(14, max(4, room - 4))), measured, tail].filter { !$0.isEmpty }
        return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var header: [String] {
        let gap = style.either(" · ", " - ")
        let design =
            (["propagate train"]
            + words.design.filter { $0.name != "recipe" }.map { "\($0.name) \($0.value)" })
            .map(style.shown)
        let lines = TextLayout.flowed(design, gap: gap, width: style.width - 1).enumerated().map {
            " " + style.paint($1, $0 == 0 ? .heading : nil)
        }
        return lines + RunSubject(report.manifest).terminal(style) + wrapped(words.setting)
    }

    private var outcome: [String] {
        let items = words.outcome.map { "\($0.name) \(style.shown($0.value))" }
        return TextLayout.flowed(items, gap: "   ", width: style.width - 1).map {
            " " + style.paint($0, .heading)
        }
    }

    private var ending: [String] {
        let sentence = words.ending(resumption: report.resumption)
        return TextLayout.wrap(
            (words.isAlert ? "! " : "") + style.shown(sentence), width: style.width, indent: " "
        ).map { style.paint($0, words.isAlert ? .bad : .good) }
    }

    /// Loss and test error against iterations, on a logarithmic axis.
    private func chart(rows: Int) -> [String] {
        let curve = words.curve
        guard let last = curve.rows.last?.iteration, let first = curve.rows.first?.iteration else {
            return [" No point of the training curve yet."]
        }
        // Columns stand for equal stretches of iterations, wherever the points are.
        let count = min(400, max(2, last - first + 1))
        func spaced(
            _ name: String, _ sign: String, _ ink: TerminalStyle.Ink, _ value: (TrainingCurve.Row) -> Double?
        )
            -> TerminalChart.Line
        {
            var values = [Double?](repeating: nil, count: count)
            for row in curve.rows {
                let share = Double(row.iteration - first) / Double(max(1, last - first))
                values[Int(saturating: (share * Double(count - 1)).rounded())] = value(row).flatMap { value in
                    value > 0 && value.isFinite ? log10(value) : nil
                }
            }
            var series = ChartSeries(name, .slate, .plain, values)
            series.isSparse = true
            return TerminalChart.Line(name: name, sign: sign, ink: ink, series: series)
        }
        let lines = [
            spaced("test error", style.either("◆", "e"), .direct) { $0.evaluation?.error },
            spaced("training loss", style.either("●", "l"), .total) { $0.point?.loss },
        ]
        guard lines.contains(where: { $0.series.range != nil }) else {
            return [" No point of the training curve is finite."]
        }
        return TerminalChart(
            lines, heading: "log10 of",
            along: TerminalChart.Abscissa(
                name: "iteration", rowCount: count, ends: Double(first)...Double(max(last, first + 1))),
            style: style, rows: rows
        ).text
    }

    /// The whole gradient at some units and measurements, where the screen has room for it.
    private var heatMap: [String] {
        guard style.height >= 40 else { return [] }
        let map = HeatMap(.total, report.result, unitLimit: 6, snapshotLimit: max(2, (style.width - 12) / 11))
        return map.range == nil ? [] : TerminalHeatMap(map, style: style).text
    }

    /// What was measured while training: the range of the gradient before and after, and what that cost.
    private var propagation: [String] {
        let ranges = words.gradientRange
        let lines =
            ranges.isEmpty
            ? []
            : [" " + style.paint("log10 of the norm at x_0 over that of the gradient at x_L", .heading)]
                + ranges.flatMap { TextLayout.wrap(style.shown($0), width: style.width, indent: "   ") }
        return lines + (words.cost.map(wrapped) ?? [])
    }

    private func wrapped(_ text: String) -> [String] {
        TextLayout.wrap(style.shown(text), width: style.width, indent: " ")
    }
}
