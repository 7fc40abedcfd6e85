import Analysis

/// `report.html` of several seeds.
enum SeedHTMLReport {
    static func text(
        _ statistics: SeedStatistics, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> String {
        let summary = SeedSummary(statistics: statistics)
        let title = "\(Summary.title(statistics.network)): \(summary.seeds())"
        return HTMLPage.text(
            title: "\(title) · \(statistics.network.shortcut)",
            main: """
                <h1>\(title.escapedForXML)</h1>
                \(RunSubject(manifest).html)\(HTMLReport.design(statistics.network))\(alerts(summary))\(verdict(summary))\
                \(HTMLReport.theory(SeedTheory.lines(statistics, minus: "−")))\(HTMLReport.assertions(assertions))\
                \(Markup.section("Signal and gradient against depth", HTMLPage.figures(Figure.all(statistics))))\
                \(measurements(statistics))\(seeds(statistics))\(checks(statistics))\(units(statistics, summary))\(HTMLReport.run(manifest))
                """)
    }

    private static func alerts(_ summary: SeedSummary) -> String {
        summary.alerts.map { Markup.paragraph($0, class: "alert") }.joined()
    }

    private static func verdict(_ summary: SeedSummary) -> String {
        let sentences = summary.sentences.map { Markup.paragraph($0) }.joined()
        return Markup.section(
            summary.headline, sentences, class: "verdict \(summary.concern?.rawValue ?? "")")
            + "<div class=\"tiles bands\">\n\(Markup.definitions(summary.quantities(minus: "−")))</div>\n"
    }

    private static func measurements(_ statistics: SeedStatistics) -> String {
        let found = SeedMeasurements(statistics).quantities(minus: "−")
        guard !found.isEmpty else { return "" }
        let note = Markup.paragraph(
            "Median [lower quartile, upper quartile] over the seeds. The tables of each seed are in report.json."
        )
        return Markup.section(
            "Measured beyond the sweeps", note + Markup.definitions(found), class: "meanings")
    }

    private static func seeds(_ statistics: SeedStatistics) -> String {
        let quantities = [
            "shortcut_decades", "direct_log10_per_unit", "gradient_log10_per_unit", "gradient_log10",
            "direct_log10", "loss",
        ]
        .compactMap(SummaryQuantity.named)
        let rows = zip(statistics.seeds, statistics.results).map { seed, result in
            [
                String(seed), result.verdict.shortcutPath?.rawValue ?? "not measured",
                Summary.carrier(result.verdict.carrier),
            ]
                + quantities.map { quantity in
                    quantity.value(result).map { quantity.style.text($0, minus: "−") } ?? "–"
                } + [Summary.checksHeld(result.checks)]
        }
        let table = Markup.table(
            ["seed", "shortcut path", "carried by"] + quantities.map(\.heading) + ["checks"], rows,
            isNumber: [true, false, false] + quantities.map { _ in true } + [false],
            tips: ["", "", ""] + quantities.map { "\($0.name): \($0.documentation)" })
        return Markup.section("Each seed", HTMLReport.scrolling(table))
    }

    private static func checks(_ statistics: SeedStatistics) -> String {
        let rows = statistics.checks.map { check in
            [
                HTMLReport.outcome(check.worst), check.worst.name, check.worst.statement,
                check.worst.worstError.map { NumberStyle.error.text($0, minus: "−") } ?? "–",
                String(check.seed), NumberStyle.error.text(check.worst.tolerance, minus: "−"),
            ]
        }
        let table = Markup.table(
            ["", "name", "identity", "worst error", "of seed", "tolerance"], rows,
            isNumber: [false, false, false, true, true, true])
        return Markup.section("Checked identities", HTMLReport.scrolling(table))
    }

    private static func units(_ statistics: SeedStatistics, _ summary: SeedSummary) -> String {
        let rows = UnitSelection.rows(of: statistics.results[0], count: HTMLReport.rowLimit - 300)
        let columns = summary.columns(UnitTable.ofNetworks.map(\.name), rows: rows, minus: "−")
        let table = Markup.table(
            columns.map(\.heading), rows.indices.map { row in columns.map { $0.cells[row] ?? "–" } },
            isNumber: columns.map { _ in true })
        let note = Markup.paragraph(
            """
            Median [lower quartile, upper quartile] over the seeds, exact in units.csv and report.json. A dash \
            where no more than half of the seeds have a value.
            """)
        return Markup.section("Units", note + HTMLReport.scrolling(table), class: "units")
    }
}
