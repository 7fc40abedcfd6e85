import Foundation

/// Several seeds on one screen: medians as lines, quartiles as bars, and a table of both.
enum SeedTerminalReport {
    static func text(
        _ statistics: SeedStatistics, manifest: RunManifest, style: TerminalStyle,
        assertions: [AssertionFinding] = []
    ) -> String {
        let summary = SeedSummary(statistics: statistics)
        let heading =
            "\(summary.seeds(range: style.either(" … ", " to "))): medians, and [lower, upper] quartiles"
        var first = statistics.results[0]
        first.loss = statistics.loss.median
        let head =
            TerminalReport.header(first, manifest, style)
            + TextLayout.wrap(heading, width: style.width, indent: " ").map { style.paint($0, .heading) }
            + TextLayout.wrap(style.shown(summary.headline), width: style.width, indent: " ")
            .map { style.paint($0, TerminalReport.ink(summary.concern)) }
            + summary.alerts.flatMap { alert in
                TextLayout.wrap("! " + style.shown(alert), width: style.width, indent: " ")
                    .map { style.paint($0, .bad) }
            }
        let verdict = TextLayout.wrap(
            summary.sentences.map(style.shown).joined(separator: " "), width: style.width, indent: " ")
        let tail =
            TerminalChecks(
                checks: statistics.checks.map(\.worst), seeds: statistics.checks.map(\.seed)
            ).text(style)
            + TerminalReport.theory(SeedTheory.lines(statistics, minus: style.minus), style)
            + measurements(statistics, style) + TerminalReport.assertions(assertions, style)
        let room = style.height - head.count - verdict.count - tail.count - 4
        let chart = chart(statistics, style, rows: min(16, max(5, room - 18)))
        let rows = UnitSelection.rows(
            of: statistics.results[0], count: min(10, max(3, room - chart.count - 3)))
        return [head, verdict, chart, table(summary, rows, style), tail]
            .map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func chart(_ statistics: SeedStatistics, _ style: TerminalStyle, rows: Int) -> [String] {
        let lines: [(String, String, TerminalStyle.Ink, String)] = [
            ("through weights", style.either("○", "w"), .weights, "through_weights_log10"),
            ("direct", style.either("◆", "d"), .direct, "direct_log10"),
            ("total", style.either("●", "t"), .total, "gradient_log10"),
        ]
        return TerminalChart(
            lines.map { name, sign, ink, column in
                TerminalChart.Line(
                    name: name, sign: sign, ink: ink,
                    series: ChartSeries(name, .slate, .plain, statistics.column(column)))
            }, heading: "log10 norm of",
            along: TerminalChart.Abscissa(
                rowCount: statistics.rows.count, stageStarts: statistics.network.stages.map(\.firstUnit)),
            style: style, rows: rows
        ).text
    }

    private static func table(_ summary: SeedSummary, _ rows: [Int], _ style: TerminalStyle) -> [String] {
        let columns = summary.columns(
            ["unit", "gradient_log10", "direct_log10", "through_weights_log10", "cosine", "forward_rms"],
            rows: rows, minus: style.minus)
        return TextTable(
            columns.map { TextTable.Column(heading: $0.heading, cells: $0.cells, isNumber: true) },
            style: style
        ).lines
    }

    /// Medians and quartiles of what was measured beyond the sweeps.
    private static func measurements(_ statistics: SeedStatistics, _ style: TerminalStyle) -> [String] {
        let found = SeedMeasurements(statistics).quantities(minus: style.minus)
        guard !found.isEmpty else { return [] }
        let width = found.map(\.name.count).max() ?? 0
        return ["", " " + style.paint("measured beyond the sweeps", .heading)]
            + found.map { name, value in
                " " + name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + style.shown(value)
            }
    }
}
