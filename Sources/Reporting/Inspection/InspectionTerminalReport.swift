import Analysis
import Graphs

/// What was found in a model of a file, for a terminal.
public enum InspectionTerminalReport {
    public static func text(_ report: InspectionReport, style: TerminalStyle) -> String {
        let sections = [
            header(report, style), units(report.model, style), stacks(report.model, style),
            rejected(report.model.listing, style), operators(report.model, style), remarks(report, style),
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
    }

    private static func header(_ report: InspectionReport, _ style: TerminalStyle) -> [String] {
        let file = report.file
        let gap = style.either(" · ", " - ")
        func lines(_ items: [String], _ ink: TerminalStyle.Ink?) -> [String] {
            TextLayout.flow(items.map(style.shown), gap: gap, width: style.width - 1)
                .map { style.paint(" " + $0.joined(separator: gap), ink) }
        }
        let cost = report.cost
        return lines(
            [
                "propagate inspect", file.name, Quantity.counted(report.model.units.count, "unit"),
                file.producer, "opset \(file.operatorSet)",
            ].filter { !$0.isEmpty }, .heading)
            + lines(
                report.inputs.map { "input \($0.name) \($0.declared), here \(text($0.shape))" }
                    + ["output \(report.model.output) \(report.model.outputShape)"], nil)
            + lines(
                [
                    Quantity.counted(file.parameters, "parameter"),
                    Quantity.bytes(file.parameterBytes) + " in the file",
                    "BatchNormalization: \(report.normalization)", "loss \(report.loss)",
                ], nil)
            + lines(
                [
                    "a measurement takes about \(Quantity.bytes(cost.memory))"
                        + (cost.recomputing.map { " (\($0))" } ?? ""),
                    "about \(Quantity.duration(cost.seconds)) at "
                        + "\(Quantity.grouped(Int(2 * cost.multiplyAddsPerSecond / 1e9))) GFLOP/s",
                ], nil)
            + lines(["stem \(report.model.stem)", "head \(report.model.head)"], .quiet)
    }

    private static func units(_ model: ModelInspection, _ style: TerminalStyle) -> [String] {
        guard !model.units.isEmpty else { return [] }
        func column(
            _ heading: String, isNumber: Bool = false, _ cell: (ModelInspection.Unit) -> String
        ) -> TextTable.Column {
            TextTable.Column(heading: heading, cells: model.units.map(cell), isNumber: isNumber)
        }
        return TextTable(
            [
                column("l", isNumber: true) { "\($0.index)" }, column("unit") { $0.label },
                column("h") { $0.kind == .identity ? "identity" : "\($0.kind): \($0.shortcut)" },
                column("F") { "\($0.branch)" },
                column("f") { $0.isTransition ? "\($0.after), without shortcut" : "\($0.after)" },
                column("x_l") { text($0.input.axes) },
                column("y_l") { $0.input == $0.output ? "same" : text($0.output.axes) },
            ], style: style
        ).lines
    }

    private static func stacks(_ model: ModelInspection, _ style: TerminalStyle) -> [String] {
        guard model.stacks.count > 1 else { return [] }
        let lines = model.stacks.map { stack in
            "   \(stack.index)  \(Quantity.counted(stack.units, "unit")), "
                + (stack.level == 0 ? "outermost" : "within \(Quantity.counted(stack.level, "other"))")
                + ", \(stack.first) to \(stack.last)" + (stack.isReported ? "; reported" : "")
        }
        return [style.paint(" stacks (--stack chooses)", .heading)] + lines.map(style.shown)
    }

    private static func rejected(_ listing: UnitListing, _ style: TerminalStyle) -> [String] {
        guard !listing.rejected.isEmpty else { return [] }
        let sums = listing.rejected
        let table = TextTable(
            [
                .init(heading: "sums that are no unit", cells: sums.map(\.label), isNumber: false),
                .init(heading: "value", cells: sums.map(\.merge), isNumber: false),
                .init(heading: "because", cells: sums.map { $0.reason.description }, isNumber: false),
            ], style: style
        ).lines
        let most = 12
        guard sums.count > most else { return table }
        return Array(table.prefix(most + 1)) + [" and \(sums.count - most) more; --json names all"]
    }

    private static func operators(_ model: ModelInspection, _ style: TerminalStyle) -> [String] {
        let items = model.operators.map { "\($0.name) \($0.nodes)" }
        return [style.paint(" operators, all supported", .heading)]
            + TextLayout.flowed(items, gap: ", ", width: style.width - 3).map { "   " + style.shown($0) }
    }

    private static func remarks(_ report: InspectionReport, _ style: TerminalStyle) -> [String] {
        report.remarks.flatMap { remark in
            TextLayout.wrap("! " + style.shown(remark), width: style.width, indent: " ")
                .map { style.paint($0, .doubtful) }
        }
    }

    private static func text(_ extents: [Int]) -> String {
        "(" + extents.map(\.description).joined(separator: ", ") + ")"
    }
}
