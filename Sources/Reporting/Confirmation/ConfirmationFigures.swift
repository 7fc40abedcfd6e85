import Confirmation
import Foundation

/// The training curves of all rows in one figure, as the paper's Fig. 3 and 6 show them.
extension Figure {
    static func all(_ result: ConfirmationResult) -> [Figure] { [trainingCurves(result)] }

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
                Test error (solid) and training loss (dashed) of every row while it trains, medians over the seeds, as \
                in the paper’s \(result.table.figure); both on one logarithmic axis. Beyond six rows lines are wide.
                """, chart: chart)
    }

    private static func lines(
        of row: RowResult, index: Int, at iterations: [Int], least: Double
    ) -> [ChartSeries] {
        let colours: [SeriesColour] = [.blue, .vermilion, .green, .purple, .amber, .slate]
        let isWide = index >= colours.count
        func values(_ quantity: (CurvePoint) -> Double, atLeast least: Double) -> [Double?] {
            let points = Dictionary(
                uniqueKeysWithValues: row.curve(quantity).map { ($0.iteration, $0.value) })
            return iterations.map { (points[$0] ?? nil).map { log10(max($0, least)) } }
        }
        let colour = colours[index % colours.count]
        let error = ChartSeries(
            row.row.name, colour, isWide ? .wide : .plain, values(\.testError, atLeast: least))
        var loss = ChartSeries(
            "\(row.row.name), loss", colour, isWide ? .wideDashed : .dashed,
            values(\.trainingLoss, atLeast: 1e-6))
        loss.isListed = false
        return [error, loss]
    }
}
