import Conformance
import Graphs
import Tensors

/// A model's units, layers and findings for a terminal.
public enum StructureTerminalReport {
    public static func text(_ report: StructureReport, style: TerminalStyle) -> String {
        let sections = [
            header(report, style), units(report.structure, style),
            LayerTable(report.structure.listing, .sample, style: style).text,
            findings(report.findings, style), remarks(report, style),
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
    }

    private static func header(_ report: StructureReport, _ style: TerminalStyle) -> [String] {
        let listing = report.structure.listing
        let gap = style.either(" · ", " - ")
        func lines(_ items: [String], _ ink: TerminalStyle.Ink?) -> [String] {
            TextLayout.flow(items.map(style.shown), gap: gap, width: style.width - 1)
                .map { style.paint(" " + $0.joined(separator: gap), ink) }
        }
        return lines(
            ["propagate conform", report.name, Quantity.counted(listing.units.count, "unit")], .heading)
            + lines(
                [
                    Quantity.counted(listing.parameters, "parameter"),
                    "\(Quantity.grouped(listing.multiplyAdds)) multiply-adds on the batch",
                ], nil)
    }

    /// Each run of units that are alike once.
    private static func units(_ structure: ModelStructure, _ style: TerminalStyle) -> [String] {
        let shown = structure.repetitions.flatMap { repetition in
            (0..<repetition.period).map { (repetition, structure.units[repetition.first + $0]) }
        }
        func column(
            _ heading: String, _ cell: (UnitRepetition, UnitStructure) -> String
        ) -> TextTable.Column {
            TextTable.Column(heading: heading, cells: shown.map(cell), isNumber: false)
        }
        return TextTable(
            [
                column("l") { repetition, unit in
                    places(of: unit.index, in: repetition)
                },
                column("unit") { $1.label },
                column("h") { $1.kind == .identity ? "identity" : "\($1.kind): \(words($1.shortcut))" },
                column("F") { words($1.branch) },
                column("f") { $1.isTransition ? "\(words($1.after)), without shortcut" : words($1.after) },
                column("x_l") { "\($1.input)" },
                column("y_l") { $1.keepsShape ? "same" : "\($1.output)" },
            ], style: style
        ).lines
    }

    /// Every l that a unit stands for.
    private static func places(of l: Int, in repetition: UnitRepetition) -> String {
        let (period, times) = (repetition.period, repetition.times)
        let last = l + period * (times - 1)
        return switch (period, times) {
        case (_, 1): "\(l)"
        case (1, _): "\(l)–\(last)"
        case (_, 2): "\(l), \(last)"
        default: "\(l), \(l + period) … \(last)"
        }
    }

    private static func words(_ run: [OperatorSignature]) -> String {
        run.isEmpty ? "identity" : OperatorRun.text(of: run.map(\.description))
    }

    private static func findings(_ findings: [StructureFinding], _ style: TerminalStyle) -> [String] {
        guard !findings.isEmpty else { return [style.paint(" nothing flagged", .sound)] }
        return [style.paint(" \(Quantity.counted(findings.count, "thing")) flagged", .heading)]
            + findings.flatMap { finding in
                TextLayout.wrap(
                    "! " + style.shown("\(finding.place): \(finding.sentence)"), width: style.width,
                    indent: " "
                ).map { style.paint($0, .doubtful) }
            }
    }

    private static func remarks(_ report: StructureReport, _ style: TerminalStyle) -> [String] {
        report.remarks.flatMap { remark in
            TextLayout.wrap(style.shown(remark), width: style.width, indent: " ").map {
                style.paint($0, .quiet)
            }
        }
    }
}

extension StructureFinding {
    /// Such as “unit 3 (layer2.1)”.
    public var place: String {
        switch units.count {
        case 0: label
        case 1: "unit \(units[0]) (\(label))"
        default:
            "units " + Self.ranges(of: units).joined(separator: ", ") + " (first \(label))"
        }
    }

    private static func ranges(of units: [Int]) -> [String] {
        var ranges: [ClosedRange<Int>] = []
        for unit in units {
            if let last = ranges.last, last.upperBound + 1 == unit {
                ranges[ranges.count - 1] = last.lowerBound...unit
            } else {
                ranges.append(unit...unit)
            }
        }
        let most = 6
        let words = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
        return words.count > most ? words.prefix(most) + ["…"] : words
    }
}
