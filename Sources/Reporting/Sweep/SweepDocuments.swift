import Analysis

/// A sweep for people: heat maps first, then the medians as a table.
enum SweepDocuments {
    static func title(_ sweep: Sweep) -> String {
        let axes = sweep.axes.map { "\(Quantity.grouped($0.values.count)) \($0.name)" }
        return "Sweep of \(Quantity.counted(sweep.cells.count + sweep.failures.count, "cell"))"
            + (axes.isEmpty ? "" : ": " + axes.joined(separator: " × "))
    }

    static func alerts(_ sweep: Sweep) -> [String] {
        let failed = sweep.cells.filter { !$0.checksHold }
        let checks =
            failed.isEmpty
            ? []
            : [
                "A check failed in \(Quantity.counted(failed.count, "cell")), first in: "
                    + zip(sweep.axes, failed[0].coordinates).map { "\($0.name) \($1)" }
                    .joined(separator: ", ") + "."
            ]
        return checks + sweep.failures.prefix(5).map { "Not measured: \($0.cell). \($0.reason)" }
            + (sweep.failures.count > 5 ? ["Not measured either: \(sweep.failures.count - 5) more."] : [])
    }

    static func terminal(_ sweep: Sweep, style: TerminalStyle) -> String {
        let head =
            [" " + style.paint(style.shown(title(sweep)), .heading)]
            + RunSubject(sweep.manifest).terminal(style)
            + alerts(sweep).flatMap { alert in
                TextLayout.wrap("! " + style.shown(alert), width: style.width, indent: " ")
                    .map { style.paint($0, .bad) }
            }
        let maps = sweep.heatMaps.map { TerminalHeatMap($0, style: style).text }
        let tail =
            TextLayout.wrap(style.shown(note(sweep)), width: style.width, indent: " ")
            + style.lines(of: sweep.functions.prefix(shownFunctions))
            + (sweep.functions.count > shownFunctions
                ? [
                    " and \(sweep.functions.count - shownFunctions) more functions; the report's files name all"
                ] : [])
        return ([head] + maps + [tail]).map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    static func html(_ sweep: Sweep) -> String {
        let table = Markup.table(
            headings(sweep), rows(sweep),
            isNumber: sweep.freeAxes.map { _ in false } + sweep.quantities.map { _ in true })
        let figures = sweep.figures.map { figure in
            "<figure>\n\(figure.inlineSVG(.full))<figcaption>\(figure.caption.typesetForHTML)</figcaption>\n</figure>\n"
        }
        return HTMLPage.text(
            title: title(sweep),
            main: """
                <h1>\(title(sweep).escapedForXML)</h1>
                \(RunSubject(sweep.manifest).html)\(alerts(sweep).map { Markup.paragraph($0, class: "alert") }.joined())\
                \(Markup.paragraph(note(sweep)))<div class="maps">
                \(figures.joined())</div>
                \(Markup.section("All combinations", HTMLReport.scrolling(table)))\
                \(functions(sweep))\
                \(HTMLReport.run(sweep.manifest))
                """)
    }

    static func markdown(_ sweep: Sweep) -> String {
        let table = MarkdownReport.table(
            headings(sweep).map(\.escapedForMarkdown), rows(sweep).map { $0.map(\.escapedForMarkdown) },
            isNumber: sweep.freeAxes.map { _ in false } + sweep.quantities.map { _ in true })
        let sections =
            ["# \(title(sweep).escapedForMarkdown)", RunSubject(sweep.manifest).markdown]
            + alerts(sweep).map { "> **\($0.escapedForMarkdown)**" } + [note(sweep).escapedForMarkdown]
            + sweep.figures.map(MarkdownReport.embedded) + ["## All combinations", table]
            + (sweep.functions.isEmpty ? [] : ["## Functions that formulas give"])
            + sweep.functions.map { $0.equations.joined(separator: "; ").escapedForMarkdown }
            + [MarkdownReport.run(sweep.manifest)]
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// More do not fit beside the maps.
    private static let shownFunctions = 8

    private static func functions(_ sweep: Sweep) -> String {
        guard !sweep.functions.isEmpty else { return "" }
        let items = sweep.functions.map { Markup.paragraph($0.equations.joined(separator: "; ")) }
        return Markup.section("Functions that formulas give", items.joined())
    }

    private static func note(_ sweep: Sweep) -> String {
        "Norms are log10, at x_0; slopes are decades per unit travelled down, within the stages."
            + (sweep.seedCount > 1 ? " Medians over \(sweep.seedCount) seeds." : "")
    }

    private static func headings(_ sweep: Sweep) -> [String] {
        sweep.freeAxes.map(\.name) + sweep.quantities.map(\.name)
    }

    /// A line for each combination of the axes, seeds aside.
    private static func rows(_ sweep: Sweep) -> [[String]] {
        let places = sweep.freeAxes.reduce([[:]]) { places, axis in
            places.flatMap { place in axis.values.map { place.merging([axis.name: $0]) { $1 } } }
        }
        return places.map { (place: [String: String]) in
            sweep.freeAxes.map { place[$0.name] ?? "" }
                + sweep.quantities.map { sweep.band($0, at: place).band.text($0.style, minus: "−") ?? "–" }
        }
    }
}

extension Sweep {
    /// All axes but the seeds.
    var freeAxes: [Axis] { axes.filter { $0.name != Sweep.seed } }
}
