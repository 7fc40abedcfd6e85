import Confirmation
import Foundation
import ResidualNetworks

/// The training curves of all rows in one figure, as the paper's Fig. 3 and 6 show them, and what f = ReLU cuts off.
extension Figure {
    static func all(_ result: ConfirmationResult) -> [Figure] {
        let figures = [trainingCurves(result)] + (truncation(result).map { [$0] } ?? [])
        return figures.map { $0.of("\(result.table.title) · \(result.data)") }
    }

    /// Of the rows with identity shortcuts: of these the paper says that training makes y_l positive (Section 4.2).
    private static func truncation(_ result: ConfirmationResult) -> Figure? {
        let rows = result.rows.filter {
            $0.row.shortcut == IdentityShortcut().name && !$0.negativeSharesBefore.isEmpty
        }
        guard !rows.isEmpty else { return nil }
        let depth = RelativeDepth(unitCounts: rows.map { $0.negativeSharesBefore.count - 1 })
        let series = zip(rows, SeriesColour.allCases).flatMap { row, colour in
            [
                ChartSeries(
                    "\(row.row.name), before", colour, .dashed, depth.resampled(row.negativeSharesBefore)),
                ChartSeries(
                    "\(row.row.name), after", colour, .plain, depth.resampled(row.negativeSharesAfter)),
            ]
        }
        var chart = LineChart(
            title: "What f = ReLU cuts off",
            axis: ValueAxis(title: "share of y_l < 0", scale: .linear, series: series, including: [0]),
            series: series, bands: [], rowCount: depth.rowCount,
            rowName: {
                "relative depth \(NumberStyle.decimals(3).text(Double($0) / Double(depth.rowCount - 1)))"
            })
        chart.abscissa = .relativeDepth
        return Figure(
            "truncation",
            caption: """
                Share of y_l < 0 of every unit, which f = ReLU sets to 0, before training (dashed) and after it \
                (solid); medians over the seeds, rows with identity shortcuts.
                """, chart: chart)
    }

    private static func trainingCurves(_ result: ConfirmationResult) -> Figure {
        let iterations = Set(
            result.rows.flatMap { $0.cells.flatMap { $0.curve.map(\.iteration) } }
        ).sorted()
        // An error of 0 has no logarithm, and is drawn as half an image.
        let least = 0.5 / Double(max(1, result.testImages))
        let series = result.rows.enumerated().flatMap { index, row in
            lines(of: row, index: index, at: iterations, least: least)
        }
        var chart = LineChart(
            title: "Training curves",
            axis: ValueAxis(
                title: "test error (share), training loss", scale: .logarithmic, series: series),
            series: series, bands: [], rowCount: iterations.count,
            rowName: { iterations.indices.contains($0) ? "iteration \(iterations[$0])" : "" })
        chart.abscissa = .iterations(iterations)
        chart.valueText = { NumberStyle.significant(3).text(pow(10, $0)) }
        return Figure(
            "training-curves",
            caption: """
                Test error (solid) and training loss (dashed) of every row while it trains, medians over the seeds \
                whose runs have not broken off, as in the paper’s \(result.table.figure); both on one logarithmic \
                axis. Rows of one colour have different markers.
                """, chart: chart)
    }

    private static func lines(
        of row: RowResult, index: Int, at iterations: [Int], least: Double
    ) -> [ChartSeries] {
        let colours: [SeriesColour] = [.blue, .vermilion, .green, .purple, .amber, .slate]
        let markers = ChartSeries.Marker.allCases
        func values(_ quantity: (CurvePoint) -> Double, atLeast least: Double) -> [Double?] {
            let points = Dictionary(
                uniqueKeysWithValues: row.curve(quantity).map { ($0.iteration, $0.value) })
            return iterations.map { (points[$0] ?? nil).map { log10(max($0, least)) } }
        }
        let colour = colours[index % colours.count]
        let marker = markers[(index + index / colours.count) % markers.count]
        let error = ChartSeries(row.row.name, colour, .plain, values(\.testError, atLeast: least))
            .marked(marker)
        var loss = ChartSeries(
            "\(row.row.name), loss", colour, .dashed, values(\.trainingLoss, atLeast: 1e-6)
        ).marked(marker)
        loss.isListed = false
        return [error, loss]
    }
}
