import Analysis

/// The cells of a sweep for other programs.
public enum SweepData {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "sweep-1.0"

    /// RFC 4180: the axes, then every quantity; a line a cell, in the order of the grid.
    static func csv(_ sweep: Sweep) -> String {
        let heading =
            sweep.axes.map(\.name) + ["checks_hold"] + SummaryQuantity.all.map(\.name) + ["seconds"]
        let lines = sweep.cells.map { cell in
            cell.coordinates.map(\.quotedForCSV) + [String(cell.checksHold)]
                + SummaryQuantity.all.map { JSONValue.finite(cell.quantities[$0.name] ?? nil).csvCell }
                + [String(cell.seconds)]
        }
        return ([heading] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    static func json(_ sweep: Sweep) -> String { fields.object(of: sweep).text }

    static let fields: [ReportField<Sweep>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run; its configuration is what all cells share.", JSONReport.manifestFields)
        {
            $0.manifest
        },
        .rows("axes", "Options with several values.", axisFields) { $0.axes },
        .rows("cells", "One row per measurement, in the order of the grid.", cellFields) { sweep in
            sweep.cells.map { Place(cell: $0, axes: sweep.axes) }
        },
        .rows("functions", "Functions that formulas give some cell, each once.", JSONReport.functionFields) {
            $0.functions
        },
        .rows("failures", "Cells that could not be measured.", failureFields) { $0.failures },
    ]

    private struct Place: Sendable {
        let cell: Sweep.Cell
        let axes: [Sweep.Axis]
    }

    private static let axisFields: [ReportField<Sweep.Axis>] = [
        .string("name", "The option.") { $0.name }, .strings("values", "Its values.") { $0.values },
    ]

    private static let failureFields: [ReportField<Sweep.Failure>] = [
        .string("cell", "Its values on the axes.") { $0.cell },
        .string("reason", "Why it could not be measured.") { $0.reason },
    ]

    private static var cellFields: [ReportField<Place>] {
        [
            .stringsByName("coordinates", "Its value on each axis.") { place in
                Dictionary(zip(place.axes.map(\.name), place.cell.coordinates)) { $1 }
            },
            .boolean("checks_hold", "All identities that apply hold.") { $0.cell.checksHold },
            .object(
                "quantities", "Numbers of the whole measurement; null where there is none.", quantityFields
            ) {
                $0.cell
            },
            .number("seconds", "How long the measurement took.") { $0.cell.seconds },
        ]
    }

    private static var quantityFields: [ReportField<Sweep.Cell>] {
        SummaryQuantity.all.map { quantity in
            .number(quantity.name, quantity.documentation) { $0.quantities[quantity.name] ?? nil }
        }
    }
}
