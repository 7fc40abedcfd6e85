import Foundation
import Training

/// The curves of a training run.
extension Figure {
    static func all(_ result: TrainingResult) -> [Figure] { curves(result) + propagation(result) }

    /// Loss and error against iterations, with the changes of the learning rate.
    static func curves(_ result: TrainingResult) -> [Figure] {
        let curve = TrainingCurve(result)
        // A loss of 0 needs a place on a logarithmic axis.
        let loss = { (value: KeyPath<TrainingCurve.Row, Double?>, label: String, look: Look) in
            line(label, look, curve.rows.map { $0[keyPath: value] }, atLeast: 1e-6)
        }
        let error = { (value: KeyPath<TrainingCurve.Row, Double?>, label: String, look: Look) in
            line(
                label, look, curve.rows.map { $0[keyPath: value] },
                atLeast: 0.5 / Double(max(1, result.testImages)))
        }
        return [
            figure(
                "loss", "Loss while training", "softmax cross-entropy E", curve,
                [
                    loss(\.trainingLoss, "training", (.blue, .plain)),
                    loss(\.testLoss, "test", (.vermilion, .wide)),
                ],
                """
                Mean loss of the training batches since the point before, and of the test set. Dotted lines are \
                changes of the learning rate η. A loss that is not finite leaves a gap.
                """),
            figure(
                "error", "Error while training", "share classified wrongly", curve,
                [
                    error(\.trainingError, "training", (.blue, .plain)),
                    error(\.testError, "test, top-1", (.vermilion, .wide)),
                    error(\.topFiveError, "test, top-5", (.amber, .dashed)),
                ],
                """
                Share of the images whose class is not the likeliest (top-5: not among the likeliest five), of the \
                training images as they were trained on and of the test set. An error of 0 has no logarithm, and is \
                drawn as half a test image.
                """, limits: -12...0),
        ].map { $0.of(words(result)) }
    }

    /// The network and, since runs of one network differ in it, the recipe.
    static func words(_ result: TrainingResult) -> String {
        "\(NetworkWords(result.configuration).text) · recipe \(result.recipe.name)"
    }

    private typealias Look = (colour: SeriesColour, stroke: ChartSeries.Stroke)

    /// Logarithms of values, drawn no lower than at that of `least`. Rows where nothing was taken are passed over; one
    /// whose value is not finite breaks the line.
    private static func line(_ label: String, _ look: Look, _ values: [Double?], atLeast least: Double)
        -> ChartSeries
    {
        var series = ChartSeries(
            label, look.colour, look.stroke,
            values.map { value in value.flatMap { $0.isFinite ? log10(max($0, least)) : nil } })
        series.isSparse = true
        var isBroken = false
        for (row, value) in values.enumerated() {
            guard let value else { continue }
            if value.isFinite, isBroken { series.breaks.insert(row) }
            isBroken = !value.isFinite
        }
        return series
    }

    private static func figure(
        _ name: String, _ title: String, _ quantity: String, _ curve: TrainingCurve, _ series: [ChartSeries],
        _ caption: String, limits: ClosedRange<Double>? = nil
    ) -> Figure {
        let iterations = curve.rows.map(\.iteration)
        var chart = LineChart(
            title: title,
            axis: ValueAxis(title: quantity, scale: .logarithmic, series: series, limits: limits),
            series: series, bands: [], rowCount: iterations.count,
            rowName: {
                iterations.indices.contains($0) ? "iteration \(Quantity.grouped(iterations[$0]))" : ""
            })
        chart.abscissa = .iterations(iterations)
        chart.valueText = { NumberStyle.significant(3).text(pow(10, $0)) }
        chart.nothing = iterations.isEmpty ? "no point yet" : "no value is finite"
        if !iterations.isEmpty {
            chart.milestones = curve.rates.map {
                LineChart.Milestone(
                    row: curve.place(of: $0.iteration),
                    label: "η \(NumberStyle.significant(3).trimmed($0.rate))", isChange: $0.iteration > 0)
            }
        }
        return Figure(name, caption: caption, chart: chart)
    }
}

extension TrainingCurve.Row {
    fileprivate var trainingLoss: Double? { point?.loss }
    fileprivate var trainingError: Double? { point?.error }
    fileprivate var testLoss: Double? { evaluation?.loss }
    fileprivate var testError: Double? { evaluation?.error }
    fileprivate var topFiveError: Double? { evaluation?.topFiveError }
}
