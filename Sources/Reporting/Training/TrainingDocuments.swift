import Training

/// A training run for people: how it ended, its curves, propagation, and every number of its recipe.
enum TrainingDocuments {
    static func html(_ report: TrainingReport) -> String {
        let words = TrainingWords(report.result)
        let design = words.design.map { part in
            "<li>\(part.name.escapedForXML) <b>\(part.value.escapedForXML)</b></li>\n"
        }
        let ending = words.ending(resumption: report.resumption)
        return HTMLPage.text(
            title: words.title,
            main: """
                <h1>\(words.title.escapedForXML)</h1>
                \(RunSubject(report.manifest).html)\
                <ul class="design">
                \(design.joined())</ul>
                \(Markup.paragraph(ending, class: words.isAlert ? "alert" : ""))\
                <div class="tiles">
                \(Markup.definitions(words.outcome + size(report.result)))</div>
                \(Markup.section("Training curves", maps(Figure.curves(report.result))))\
                \(propagation(report.result, words))\
                \(recipe(report.result))\
                \(HTMLReport.run(report.manifest))
                """)
    }

    private static func size(_ result: TrainingResult) -> [(name: String, value: String)] {
        [
            ("wall time", Quantity.duration(result.seconds)),
            ("parameters", Quantity.grouped(result.parameters)),
            ("training images", Quantity.grouped(result.trainingImages)),
            ("test images", Quantity.grouped(result.testImages)),
        ]
    }

    private static func maps(_ figures: [Figure]) -> String {
        let drawn = figures.map { figure in
            "<figure>\n\(figure.inlineSVG(.half))<figcaption>\(figure.caption.typesetForHTML)</figcaption>\n</figure>\n"
        }
        return "<div class=\"maps\">\n\(drawn.joined())</div>\n"
    }

    private static func propagation(_ result: TrainingResult, _ words: TrainingWords) -> String {
        let sentences = propagationSentences(words).map { Markup.paragraph($0) }.joined()
        guard !sentences.isEmpty else { return "" }
        let tables = PropagationTable.all(result).map { table in
            "<details>\n<summary>\(table.quantity.title.typesetForHTML)</summary>\n"
                + HTMLReport.scrolling(Markup.table(table.headings, table.rows, isNumber: table.isNumber))
                + "</details>\n"
        }
        return Markup.section(
            "Propagation while training",
            sentences + maps(Figure.propagation(result))
                + (tables.isEmpty ? "" : "<h3>The maps as tables</h3>\n") + tables.joined())
    }

    private static func recipe(_ result: TrainingResult) -> String {
        let table = RecipeTable(result.recipe)
        return Markup.section(
            "Recipe",
            Markup.paragraph(table.convention)
                + HTMLReport.scrolling(
                    Markup.table(headings(table), rows(table), isNumber: [false, false, false, false])))
    }

    static func markdown(_ report: TrainingReport) -> String {
        let result = report.result
        let words = TrainingWords(result)
        let ending = words.ending(resumption: report.resumption).escapedForMarkdown
        func table(_ headings: [String], _ rows: [[String]], isNumber: [Bool]) -> String {
            MarkdownReport.table(
                headings.map(\.escapedForMarkdown), rows.map { $0.map(\.escapedForMarkdown) },
                isNumber: isNumber)
        }
        let recipe = RecipeTable(result.recipe)
        var sections = [
            "# \(words.title.escapedForMarkdown)", RunSubject(report.manifest).markdown,
            words.isAlert ? "> **\(ending)**" : ending,
            table(["trained", ""], words.design.map { [$0.name, $0.value] }, isNumber: [false, false]),
            table(["outcome", ""], words.outcome.map { [$0.name, $0.value] }, isNumber: [false, true]),
            "## Training curves",
        ]
        sections += Figure.curves(result).map(MarkdownReport.embedded)
        sections.append("All points are in [curve.csv](curve.csv).")
        let sentences = propagationSentences(words)
        if !sentences.isEmpty {
            sections += ["## Propagation while training"] + sentences.map(\.escapedForMarkdown)
            let tables = PropagationTable.all(result)
            for figure in Figure.propagation(result) {
                sections.append(MarkdownReport.embedded(figure))
                if let found = tables.first(where: { $0.quantity.name == figure.name }) {
                    sections.append(table(found.headings, found.rows, isNumber: found.isNumber))
                }
            }
            if !result.propagation.isEmpty {
                sections.append("All numbers are in [propagation.csv](propagation.csv).")
            }
        }
        sections += [
            "## Recipe", recipe.convention.escapedForMarkdown, words.setting.escapedForMarkdown,
            table(headings(recipe), rows(recipe), isNumber: [false, false, false, false]),
            MarkdownReport.run(report.manifest),
        ]
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func propagationSentences(_ words: TrainingWords) -> [String] {
        let ranges = words.gradientRange
        let sentence =
            ranges.isEmpty
            ? []
            : [
                "From x_L down to x_0, log10 of the norm of each part at x_0 over ‖∂E/∂x_L‖: "
                    + ranges.joined(separator: "; ") + "."
            ]
        return sentence + [words.cost].compactMap(\.self)
    }

    private static func headings(_ table: RecipeTable) -> [String] {
        ["number", "here", "preset \(table.presetName)", "what it means"]
    }

    private static func rows(_ table: RecipeTable) -> [[String]] {
        table.rows.map { row in
            [row.name, row.value, row.preset.map { row.differs ? $0 : "the same" } ?? "–", row.meaning]
        }
    }
}
