/// A comparison on one screen: overlaid charts of the direct term and the whole gradient, and the ranked table.
enum ComparisonTerminalReport {
    /// More lines than this cannot be told apart.
    private static let lineLimit = 8

    static func text(_ comparison: Comparison, style: TerminalStyle) -> String {
        let head =
            [" " + style.paint(ComparisonDocuments.title(comparison), .heading)]
            + RunSubject(comparison.manifest).terminal(style)
            + TextLayout.wrap(
                style.shown(ComparisonTable.sentence(comparison)), width: style.width, indent: " "
            ).map { style.paint($0, .heading) }
            + ComparisonTable.alerts(comparison).flatMap { alert in
                TextLayout.wrap("! " + style.shown(alert), width: style.width, indent: " ")
                    .map { style.paint($0, .bad) }
            }
        let columns = ComparisonTable.columns(comparison, minus: style.minus, quartiles: false)
        let table = TextTable(columns, style: style).lines
        let functions = comparison.networks.flatMap {
            style.lines(of: $0.statistics.network.functions, named: $0.name)
        }
        let tail =
            TextLayout.wrap(
                style.shown(comparison.ranking.sentence + medians(comparison)), width: style.width,
                indent: " ")
            + functions
        let room = style.height - head.count - table.count - tail.count - 4
        let rows = min(12, max(4, room / 2 - 4))
        let charts = [("direct_log10", "log10 of the direct term"), ("gradient_log10", "log10 of the total")]
            .map { chart(comparison, column: $0, heading: $1, rows: rows, style) }
        return ([head] + charts + [table, tail]).map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
    }

    private static func medians(_ comparison: Comparison) -> String {
        let counts = comparison.networks.map(\.statistics.seeds.count)
        guard let most = counts.max(), most > 1 else { return "" }
        return " Medians over \(most) seeds; the report's files hold the quartiles."
    }

    private static func chart(
        _ comparison: Comparison, column: String, heading: String, rows: Int, _ style: TerminalStyle
    ) -> [String] {
        let inks: [TerminalStyle.Ink] = [.total, .direct, .weights, .purple, .amber, .slate, .red, .cyan]
        let overlay = Overlay(comparison)
        let lines = overlay.series(column).prefix(lineLimit).enumerated().map { index, series in
            TerminalChart.Line(
                name: style.shown(series.label), sign: String(index + 1), ink: inks[index % inks.count],
                series: series)
        }
        let more = comparison.networks.count > lineLimit ? ", the first \(lineLimit)" : ""
        return TerminalChart(
            lines.reversed(), heading: heading + more,
            along: TerminalChart.Abscissa(
                name: overlay.depth == nil ? "unit l" : "l / L", rowCount: overlay.rowCount,
                ends: overlay.depth == nil ? nil : 0...1), style: style, rows: rows
        ).text
    }
}
