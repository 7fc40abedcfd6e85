import Analysis

/// A comparison as a page and as Markdown: the ranked table first, then the overlaid charts.
enum ComparisonDocuments {
    static func title(_ comparison: Comparison) -> String {
        "Signal propagation compared: \(Quantity.counted(comparison.networks.count, "network"))"
    }

    static func html(_ comparison: Comparison) -> String {
        let columns = ComparisonTable.columns(comparison, minus: "−")
        let table = Markup.table(
            columns.map(\.heading), rows(columns), isNumber: columns.map(\.isNumber), tips: tips(columns))
        let alerts = ComparisonTable.alerts(comparison).map { Markup.paragraph($0, class: "alert") }
        let note = Markup.paragraph(note(comparison))
        return HTMLPage.text(
            title: title(comparison),
            main: """
                <h1>\(title(comparison).escapedForXML)</h1>
                \(RunSubject(comparison.manifest).html)\(verdict(comparison))\(alerts.joined())\
                \(HTMLReport.scrolling(table))\(note)\
                \(Markup.section("Laid over each other", HTMLPage.figures(Figure.all(comparison))))\
                \(Markup.section("How they differ", HTMLReport.scrolling(differences(comparison))))\
                \(functionsTable(comparison))\
                \(HTMLReport.run(comparison.manifest))
                """)
    }

    private static func verdict(_ comparison: Comparison) -> String {
        Markup.section(
            ComparisonTable.sentence(comparison), Markup.paragraph(comparison.ranking.sentence),
            class: "verdict")
    }

    static func markdown(_ comparison: Comparison) -> String {
        let columns = ComparisonTable.columns(comparison, minus: "−")
        let table = MarkdownReport.table(
            columns.map(\.heading.escapedForMarkdown), rows(columns).map { $0.map(\.escapedForMarkdown) },
            isNumber: columns.map(\.isNumber))
        let sections =
            [
                "# \(title(comparison))", RunSubject(comparison.manifest).markdown,
                "**\(ComparisonTable.sentence(comparison).escapedForMarkdown)**",
                comparison.ranking.sentence.escapedForMarkdown,
            ]
            + ComparisonTable.alerts(comparison).map { "> **\($0.escapedForMarkdown)**" }
            + [table, note(comparison).escapedForMarkdown]
            + functions(comparison).map { $0.joined(separator: ": ").escapedForMarkdown }
            + ["## Laid over each other"]
            + Figure.all(comparison).map(MarkdownReport.embedded) + [MarkdownReport.run(comparison.manifest)]
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// Name, function, formula and derivative of all that formulas give.
    static func functions(_ comparison: Comparison) -> [[String]] {
        comparison.networks.flatMap { network in
            Summary.functions(network.statistics.network.functions).map { [network.name, $0.name, $0.value] }
        }
    }

    private static func functionsTable(_ comparison: Comparison) -> String {
        let rows = functions(comparison)
        guard !rows.isEmpty else { return "" }
        let table = Markup.table(
            ["network", "function", "formula"], rows, isNumber: [false, false, false])
        return Markup.section("Functions that formulas give", HTMLReport.scrolling(table))
    }

    private static func note(_ comparison: Comparison) -> String {
        let several = comparison.networks.contains { $0.statistics.seeds.count > 1 }
        return
            "The shortcuts change the direct term by so many decades in all, changes of size apart; slopes are decades per unit "
            + "travelled down, within the stages; norms are log10, at x_0."
            + (several ? " Medians over the seeds, quartiles in brackets." : "")
            + (comparison.hasOneDepth ? "" : " Depths differ: charts stand against relative depth l / L.")
    }

    private static func rows(_ columns: [TextTable.Column]) -> [[String]] {
        (columns.first?.cells.indices ?? 0..<0).map { row in columns.map { $0.cells[row] ?? "–" } }
    }

    private static func tips(_ columns: [TextTable.Column]) -> [String] {
        columns.map { column in
            ComparisonTable.shown.first { $0.heading == column.heading }
                .map { "\($0.name): \($0.documentation)" } ?? ""
        }
    }

    private static func differences(_ comparison: Comparison) -> String {
        let names = comparison.differences
        return Markup.table(
            ["network"] + names,
            comparison.networks.map { network in
                [network.name] + names.map { network.configuration[$0] ?? "–" }
            }, isNumber: [false] + names.map { _ in false })
    }
}
