import Analysis
import Confirmation

/// A confirmation for people: the table, what departs from the paper, the training curves, the correlations.
enum ConfirmationDocuments {
    static func terminal(_ report: ConfirmationReport, style: TerminalStyle) -> String {
        let result = report.result
        func wrapped(_ text: String) -> [String] {
            TextLayout.wrap(style.shown(text), width: style.width, indent: " ")
        }
        let table = ConfirmationTable(result: result, minus: style.minus)
        let correlations = result.correlations.map {
            ConfirmationWords.correlation($0, minus: style.minus)
        }
        // A terminal has no room for the range; marks in the first column are seen even where columns are cut.
        var cells = table.rows
        for (index, row) in cells.enumerated() where row.last == "!" { cells[index][0] = "! " + row[0] }
        let blocks: [[String]] =
            [
                [" " + style.paint(style.shown(ConfirmationWords.title(result)), .heading)]
                    + RunSubject(report.manifest).terminal(style)
                    + wrapped(ConfirmationWords.setting(result)),
                columns(
                    table.headings, cells, table.isNumber, style, without: ["range", "loss range", "order"]),
                wrapped(ConfirmationWords.agreement(result))
                    + ConfirmationWords.departures(result).flatMap {
                        TextLayout.hanging(" ! ", style.shown($0), width: style.width)
                    },
                columns(
                    ConfirmationWords.correlationHeadings, correlations,
                    [false, false, true, false, true], style),
            ]
            + (result.searches.isEmpty
                ? [] : [result.searches.flatMap { wrapped(ConfirmationWords.search($0)) }])
        return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    static func html(_ report: ConfirmationReport) -> String {
        let result = report.result
        let table = ConfirmationTable(result: result, minus: "−")
        let departures = ConfirmationWords.departures(result)
        let correlations = result.correlations.map { ConfirmationWords.correlation($0, minus: "−") }
        let list = departures.map { Markup.paragraph($0) }.joined()
        return HTMLPage.text(
            title: ConfirmationWords.title(result),
            main: """
                <h1>\(ConfirmationWords.title(result).escapedForXML)</h1>
                \(RunSubject(report.manifest).html)\(Markup.paragraph(ConfirmationWords.setting(result)))\
                \(HTMLReport.scrolling(Markup.table(table.headings, table.rows, isNumber: table.isNumber)))\
                \(Markup.paragraph(ConfirmationTable.explanation))\
                \(HTMLPage.figures(Figure.all(result)))\
                \(Markup.section("Against the paper", Markup.paragraph(ConfirmationWords.agreement(result)) + list))\
                \(Markup.section(
                    "What the measurement foretold",
                    HTMLReport.scrolling(
                        Markup.table(
                            ConfirmationWords.correlationHeadings, correlations,
                            isNumber: [false, false, true, false, true]))
                        + Markup.paragraph(ConfirmationWords.correlationExplanation)))\
                \(result.searches.isEmpty ? "" : Markup.section(
                    "Gate biases",
                    result.searches.map { Markup.paragraph(ConfirmationWords.search($0)) }.joined()))\
                \(HTMLReport.run(report.manifest))
                """)
    }

    static func markdown(_ report: ConfirmationReport) -> String {
        let result = report.result
        let table = ConfirmationTable(result: result, minus: "−")
        func escaped(_ rows: [[String]]) -> [[String]] { rows.map { $0.map(\.escapedForMarkdown) } }
        let departures = ConfirmationWords.departures(result)
        let correlations = result.correlations.map { ConfirmationWords.correlation($0, minus: "−") }
        var sections = [
            "# \(ConfirmationWords.title(result).escapedForMarkdown)", RunSubject(report.manifest).markdown,
            ConfirmationWords.setting(result).escapedForMarkdown,
            MarkdownReport.table(
                table.headings.map(\.escapedForMarkdown), escaped(table.rows), isNumber: table.isNumber),
            ConfirmationTable.explanation.escapedForMarkdown,
        ]
        sections += Figure.all(result).map(MarkdownReport.embedded)
        sections += ["## Against the paper", ConfirmationWords.agreement(result).escapedForMarkdown]
        if !departures.isEmpty {
            sections.append(departures.map { "- \($0.escapedForMarkdown)" }.joined(separator: "\n"))
        }
        sections += [
            "## What the measurement foretold",
            MarkdownReport.table(
                ConfirmationWords.correlationHeadings.map(\.escapedForMarkdown), escaped(correlations),
                isNumber: [false, false, true, false, true]),
            ConfirmationWords.correlationExplanation.escapedForMarkdown,
        ]
        if !result.searches.isEmpty {
            sections.append("## Gate biases")
            sections += result.searches.map { ConfirmationWords.search($0).escapedForMarkdown }
        }
        sections.append(MarkdownReport.run(report.manifest))
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func columns(
        _ headings: [String], _ rows: [[String]], _ isNumber: [Bool], _ style: TerminalStyle,
        without hidden: [String] = []
    ) -> [String] {
        TextTable(
            headings.indices.filter { !hidden.contains(headings[$0]) }.map { index in
                .init(heading: headings[index], cells: rows.map { $0[index] }, isNumber: isNumber[index])
            }, style: style
        ).lines
    }
}
