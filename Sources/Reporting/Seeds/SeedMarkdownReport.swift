import Analysis

/// `report.md` of several seeds.
enum SeedMarkdownReport {
    static func text(
        _ statistics: SeedStatistics, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> String {
        let summary = SeedSummary(statistics: statistics)
        let alerts = summary.alerts.map { "> **\($0.escapedForMarkdown)**" }
        let sections =
            [
                "# \(Summary.title(statistics.network)): \(summary.seeds())",
                RunSubject(manifest).markdown,
                MarkdownReport.table(
                    ["network", ""],
                    Summary.design(statistics.network).map {
                        [$0.name.escapedForMarkdown, $0.value.escapedForMarkdown]
                    }, isNumber: [false, false]),
            ] + alerts + [
                "## \(summary.headline.escapedForMarkdown)",
                summary.sentences.map(\.escapedForMarkdown).joined(separator: " "), quantities(summary),
                MarkdownReport.theory(SeedTheory.lines(statistics, minus: "−")),
                MarkdownReport.assertions(assertions),
                figures(statistics), measurements(statistics), units(statistics, summary), checks(statistics),
                MarkdownReport.run(manifest),
            ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private static func quantities(_ summary: SeedSummary) -> String {
        "## Medians and quartiles\n\nNorms are log10, at x\\_0.\n\n"
            + MarkdownReport.table(
                ["quantity", "median [quartiles]"],
                summary.quantities(minus: "−").map {
                    [$0.name.escapedForMarkdown, $0.value.escapedForMarkdown]
                },
                isNumber: [false, true])
    }

    private static func measurements(_ statistics: SeedStatistics) -> String {
        let found = SeedMeasurements(statistics).quantities(minus: "−")
        guard !found.isEmpty else { return "" }
        return "## Measured beyond the sweeps\n\n"
            + MarkdownReport.table(
                ["quantity", "median [quartiles]"],
                found.map { [$0.name.escapedForMarkdown, $0.value.escapedForMarkdown] },
                isNumber: [false, true])
            + "\n\nThe tables of each seed are in [report.json](report.json)."
    }

    private static func figures(_ statistics: SeedStatistics) -> String {
        let figures = Figure.all(statistics).map(MarkdownReport.embedded)
        return "## Signal and gradient against depth\n\n" + figures.joined(separator: "\n\n")
    }

    private static func units(_ statistics: SeedStatistics, _ summary: SeedSummary) -> String {
        let rows = UnitSelection.rows(of: statistics.results[0], count: 12)
        let columns = summary.columns(
            ["unit", "stage", "gradient_log10", "direct_log10", "through_weights_log10", "cosine"],
            rows: rows,
            minus: "−")
        let lines = rows.indices.map { row in
            columns.map { ($0.cells[row] ?? "–").escapedForMarkdown }
        }
        return "## \(rows.count) of \(Quantity.counted(statistics.rows.count, "row"))\n\n"
            + "Median [lower quartile, upper quartile] over the seeds. All rows and columns are in "
            + "[units.csv](units.csv).\n\n"
            + MarkdownReport.table(
                columns.map(\.heading.escapedForMarkdown), lines, isNumber: columns.map { _ in true })
    }

    private static func checks(_ statistics: SeedStatistics) -> String {
        let rows = statistics.checks.map { check in
            [
                check.worst.name.escapedForMarkdown,
                check.worst.worstError.map { NumberStyle.error.text($0, minus: "−") } ?? "–",
                String(check.seed), NumberStyle.error.text(check.worst.tolerance, minus: "−"),
                check.worst.passed == false ? "**fails**" : Summary.outcome(check.worst).escapedForMarkdown,
            ]
        }
        return "## Checked identities: \(Summary.checksHeld(statistics.checks.map(\.worst)))\n\n"
            + MarkdownReport.table(
                ["check", "worst error", "of seed", "tolerance", "outcome"], rows,
                isNumber: [false, true, true, true, false])
    }
}
