import Training

/// A heat map as a table: some of its units at the first, the middle and the last measurement.
struct PropagationTable: Sendable {
    let quantity: PropagationQuantity
    let headings: [String]
    let rows: [[String]]

    /// At most this many units.
    private static let unitLimit = 12

    init(_ quantity: PropagationQuantity, _ result: TrainingResult) {
        self.quantity = quantity
        let last = result.propagation.count - 1
        let snapshots = Set([0, last / 2, last]).filter(result.propagation.indices.contains).sorted()
            .map { result.propagation[$0] }
        headings = ["l"] + snapshots.map { PropagationWords.moment($0.iteration) }
        let count = result.propagation.map(\.rows.count).max() ?? 0
        rows = Decimation.rows(count, limit: PropagationTable.unitLimit).map { unit in
            [Quantity.grouped(unit)]
                + snapshots.map { snapshot in
                    let value =
                        snapshot.rows.indices.contains(unit) ? quantity.value(snapshot.rows[unit]) : nil
                    return value.map { NumberStyle.decimals(2).text($0, minus: "−") } ?? "–"
                }
        }
    }

    var isNumber: [Bool] { headings.map { _ in true } }

    /// One for each heat map of the report.
    static func all(_ result: TrainingResult) -> [PropagationTable] {
        let drawn = Set(Figure.propagation(result).map(\.name))
        return (PropagationQuantity.norms + [.forward]).filter { drawn.contains($0.name) }
            .map { PropagationTable($0, result) }
    }

    /// One x_l of one measurement, with all that stands in `propagation.csv`.
    private struct Place: Sendable {
        let iteration: Int
        let unit: Int
        let row: PropagationSnapshot.Row
    }

    /// `propagation.csv`: every number, exact.
    static func csv(_ result: TrainingResult) -> String {
        let places = result.propagation.flatMap { snapshot in
            snapshot.rows.enumerated().map { Place(iteration: snapshot.iteration, unit: $0, row: $1) }
        }
        let fields: [ReportField<Place>] =
            [
                .integer("iteration", "Iterations done; 0 is the initialisation.") { $0.iteration },
                .integer("unit", "l.") { $0.unit },
            ] + TrainingJSON.rowFields.map { $0.on(\.row) }
        return MeasurementTables.csv(fields, places)
    }
}
