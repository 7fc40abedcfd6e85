import Conformance

/// A configuration's layers and differences for a terminal.
public enum ConformanceTerminalReport {
    public static func text(
        _ report: ConformanceReport, manifest: RunManifest, style: TerminalStyle
    ) -> String {
        let sections =
            [
                header(report, style) + RunSubject(manifest).terminal(style),
                LayerTable(report.listing, style: style).text,
            ]
            + report.comparisons.map { differences($0, report, style) }
            + [recipes(report, style), published(report, style)]
        return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func header(_ report: ConformanceReport, _ style: TerminalStyle) -> [String] {
        let configuration = report.configuration
        let words = [
            "propagate conform", configuration.architecture, "depth \(Quantity.grouped(configuration.depth))",
            configuration.unit, configuration.block, "shortcut \(configuration.shortcut)",
            "\(Quantity.grouped(configuration.classes)) classes",
        ]
        let image = [configuration.channels, configuration.height, configuration.width]
        let numbers = [
            Quantity.counted(report.listing.units.count, "unit"),
            Quantity.counted(report.listing.parameters, "parameter"),
            "\(Quantity.grouped(report.listing.multiplyAdds)) multiply-adds an image of "
                + image.map(\.description).joined(separator: style.either(" × ", " x ")),
        ]
        let gap = style.either(" · ", " - ")
        func lines(_ items: [String], _ ink: TerminalStyle.Ink?) -> [String] {
            TextLayout.flow(items.map(style.shown), gap: gap, width: style.width - 1)
                .map { style.paint(" " + $0.joined(separator: gap), ink) }
        }
        return lines(words, .heading) + configuration.functions.flatMap { lines($0.equations, nil) }
            + lines(numbers, nil)
    }

    private static func differences(
        _ comparison: ConformanceReport.Comparison, _ report: ConformanceReport, _ style: TerminalStyle
    ) -> [String] {
        let count = comparison.differences.count
        let heading =
            "\(comparison.convention.name): "
            + (count == 0 ? "no difference" : Quantity.counted(count, "difference"))
        let source = TextLayout.wrap(
            style.shown(comparison.convention.source), width: style.width, indent: "   ")
        let width = comparison.differences.map(\.aspect.title.count).max() ?? 0
        let lines = comparison.differences.flatMap { difference in
            TextLayout.hanging(
                "   " + TextLayout.padded(difference.aspect.title, to: width) + "  ",
                style.shown("\(difference.here); there \(difference.there)"), width: style.width)
        }
        return [style.paint(" " + style.shown(heading), .heading)] + source.map { style.paint($0, .quiet) }
            + lines
            + ["   \(parameters(comparison, report))"]
    }

    private static func parameters(
        _ comparison: ConformanceReport.Comparison, _ report: ConformanceReport
    ) -> String {
        let here = report.listing.parameters
        guard let there = comparison.parameters else { return "It has no network of this block and unit." }
        guard here != there else { return "Its network of this depth has as many parameters." }
        let more = "\(Quantity.grouped(abs(there - here))) \(there > here ? "more" : "fewer")"
        return "Its network of this depth has \(Quantity.grouped(there)) parameters, \(more)."
    }

    /// How each convention trains: told and not compared, since a network does not say how it is trained.
    private static func recipes(_ report: ConformanceReport, _ style: TerminalStyle) -> [String] {
        let recipes = report.comparisons.map { $0.convention.recipe.rows }
        guard let titles = recipes.first?.map(\.title) else { return [] }
        let rows = titles.indices.map { row in [titles[row]] + recipes.map { $0[row].text } }
        return table("training", names(report), rows, style)
    }

    private static func published(_ report: ConformanceReport, _ style: TerminalStyle) -> [String] {
        let rows = report.published.map { row in
            ["\(row.depth) \(row.block) \(row.unit)"]
                + row.counts.map { $0.map(Quantity.grouped) ?? "not offered" }
        }
        return table("parameters", names(report), rows, style)
    }

    private static func names(_ report: ConformanceReport) -> [String] {
        report.comparisons.map(\.convention.name)
    }

    private static func table(
        _ title: String, _ headings: [String], _ rows: [[String]], _ style: TerminalStyle
    ) -> [String] {
        let columns = ([title] + headings).enumerated().map { index, heading in
            TextTable.Column(heading: heading, cells: rows.map { $0[index] }, isNumber: false)
        }
        return TextTable(columns, style: style).lines
    }
}
