import Analysis
import Foundation

/// The figures, one function each.
extension Figure {
    /// log10 of the gradient's norm and of its two parts (Eqn. 5, 8) against unit l.
    public static func gradientNorms(_ result: AnalysisResult) -> Figure {
        let expected = expected(
            [
                ("total, theory", .blue, { $0.gradientLog10 }, \.gradientDeviation),
                ("direct, theory", .vermilion, { $0.directLog10 }, \.directDeviation),
            ], result)
        let series = [
            ChartSeries("total gradient", .blue, .plain, result.units.map(\.gradientLog10)),
            ChartSeries(
                "direct (shortcuts)\(directEnd([result]))", .vermilion, .plain,
                result.units.map(\.directLog10)),
            ChartSeries("through weights", .green, .plain, result.units.map(\.throughWeightsLog10)),
            ChartSeries(
                Summary.shortcutProduct(result), .purple, .dashed, result.units.map(\.shortcutProductLog10)),
        ]
        let theory =
            expected.isEmpty
            ? "" : " Theory's lines are dotted, in a band of a standard deviation over seeds on either side."
        return Figure(
            "gradient-norms",
            caption: """
                The gradient at x_l is the sum of a direct term, carried by the shortcuts alone, and a term that \
                passed through weights (Eqn. 5, 8), which is drawn where it is not the total. The shortcut product \
                is predicted from the shortcuts and starts at 0 at x_L.
                """ + theory + notFiniteNote(result),
            chart: normsChart(result, paths: series, expected: expected))
    }

    /// Total, direct and through-weights norms, in this order, and what else there is.
    ///
    /// The through-weights term mostly *is* the total: it is drawn only where a line's width lies between them.
    static func normsChart(
        _ result: AnalysisResult, paths: [ChartSeries], expected: [ChartSeries]
    ) -> LineChart {
        func chart(_ series: [ChartSeries]) -> LineChart {
            self.chart(result, "Gradient norms and the two paths", "log10 of the L2 norm", series)
        }
        let markers: [ChartSeries.Marker] = [.circle, .diamond, .hollowCircle]
        var series =
            zip(paths, markers).map { $0.marked($1) } + paths.dropFirst(markers.count) + expected
        let range = chart(series).axis.range
        // Two lines of 1.8 with a gap of as much, of a plot that is some 250 high.
        series[2] = series[2].apart(from: series[0], by: 3.6 / 250 * (range.upperBound - range.lowerBound))
        return chart(series)
    }

    /// What gaps are that no exact 0 leaves; empty where there are none.
    private static func notFiniteNote(_ result: AnalysisResult) -> String {
        let rows = result.units.filter { [$0.gradient, $0.direct, $0.throughWeights].contains(.notFinite) }
        guard let first = rows.first?.unit, let last = rows.last?.unit else { return "" }
        return " Norms that are not finite leave gaps between x_\(first) and x_\(last)."
    }

    /// Why a line of the direct term ends before x_0; empty where it does not.
    static func directEnd(_ results: [AnalysisResult]) -> String {
        let ends = results.compactMap(\.directVanishesAtUnit)
        guard let end = ends.first else { return "" }
        return results.count == 1
            ? ", exactly 0 for l ≤ \(end)" : ", exactly 0 at x_0 with \(ends.count) of \(results.count) seeds"
    }

    /// Forward RMS and channel moments of x_l, on a logarithmic axis.
    public static func forwardSignal(_ result: AnalysisResult) -> Figure {
        func logarithms(_ values: [Double?]) -> [Double?] { values.map { $0.map(log10) } }
        let series =
            [
                ChartSeries("RMS of x_l", .blue, .plain, logarithms(result.units.map(\.forwardRMS)))
                    .marked(.circle),
                ChartSeries(
                    "channel mean, squared", .amber, .dashed,
                    logarithms(result.units.map(\.channelMeanSquare))
                ).marked(.square),
                ChartSeries(
                    "channel variance", .purple, .plain, logarithms(result.units.map(\.channelVariance))
                ).marked(.triangle),
            ] + expected([("RMS, theory", .blue, { $0.forwardRMS.map(log10) }, \.forwardDeviation)], result)
        var chart = chart(
            result, "Forward signal", "per element (logarithmic)", series, scale: .logarithmic)
        chart.valueText = { Quantity.power(log10: $0) }
        return Figure(
            "forward-signal",
            caption: """
                Root mean square of x_l over all elements; mean over channels of the squared channel mean and of \
                the channel variance. A squared mean of 0 has no place on this axis and leaves a gap.
                """,
            chart: chart)
    }

    /// Direct and through-weights norms of the recursion restarted in each stage.
    public static func stageNorms(_ result: AnalysisResult) -> Figure {
        var series = [
            ChartSeries("direct, within stage", .vermilion, .plain, result.units.map(\.stageDirectLog10))
                .marked(.diamond),
            ChartSeries(
                "through weights, within stage", .green, .plain, result.units.map(\.stageThroughWeightsLog10)
            ).marked(.hollowCircle),
        ]
        for index in series.indices { series[index].breaks = Set(result.network.stages.map(\.firstUnit)) }
        return Figure(
            "stage-norms",
            caption: """
                The same decomposition restarted at the last x of every stage, transitions excluded (the paper's \
                footnote 1): the direct term starts at the total gradient there, the other at nothing. A stage of \
                one unit is a mark without a line.
                """,
            chart: chart(result, "The two paths within each stage", "log10 of the L2 norm", series))
    }

    /// Cosine between the direct and the through-weights term.
    public static func cosine(_ result: AnalysisResult) -> Figure {
        let series = [ChartSeries("cos(direct, through weights)", .slate, .plain, result.units.map(\.cosine))]
        var chart = chart(
            result, "Do the two paths agree?", "cosine (no unit)", series, limits: -1.02...1.02, including: 0)
        chart.valueText = { NumberStyle.decimals(4).text($0, minus: "−") }
        return Figure(
            "cosine",
            caption: """
                Cosine of the angle between the two terms: −1 would cancel the gradient, 0 is no relation. Gaps \
                where one of the two is 0.
                """,
            chart: chart)
    }

    /// Error of the sum and of the forward identity per unit, and of the probes where they were made.
    public static func errors(_ result: AnalysisResult) -> Figure {
        var series = [
            ChartSeries("sum g = d + w", .slate, .plain, logarithms(result.units.map(\.decompositionError))),
            ChartSeries(
                "forward identity", .amber, .plain, logarithms(result.units.map(\.forwardIdentityError))),
        ]
        series.append(probes(result, "probe, direct", .vermilion, \.probeErrorDirect))
        series.append(probes(result, "probe, total", .blue, \.probeErrorTotal))
        let tolerances = result.checks.filter {
            ["sum", "probe_total"].contains($0.name) && $0.tolerance > 0
        }
        let rules = tolerances.map { check in
            LineChart.Rule(
                value: log10(check.tolerance),
                label: "tolerance of \(check.name): \(NumberStyle.error.text(check.tolerance, minus: "−"))")
        }
        var chart = chart(
            result, "Errors of the checked identities", "log10 of the relative error", series, rules: rules,
            marksHorizon: false)
        chart.rules = rules
        return Figure(
            "errors",
            caption: """
                The sum check tests arithmetic; the probes, by an independent forward-mode path, test the \
                decomposition itself. An error of exactly 0 leaves a gap, and a value between two gaps is a dot.
                """,
            chart: chart)
    }

    /// What theory expects, where it was asked, in a band of a standard deviation over seeds.
    private static func expected(
        _ quantities: [(
            String, SeriesColour, (PredictedMeasurement) -> Double?, KeyPath<PredictedMeasurement, Double>
        )], _ result: AnalysisResult
    ) -> [ChartSeries] {
        guard result.units.contains(where: { $0.predicted != nil }) else { return [] }
        return quantities.map { name, colour, value, deviation in
            let rows = result.units.map(\.predicted)
            return ChartSeries(
                name, colour, .expected, rows.map { $0.flatMap(value) },
                spread: rows.map { row in
                    row.flatMap { row in
                        value(row).flatMap { value in
                            let reach = row[keyPath: deviation]
                            return (value - reach).isFinite ? (value - reach)...(value + reach) : nil
                        }
                    }
                })
        }
    }

    private static func logarithms(_ values: [Double?]) -> [Double?] { values.map { $0.map(log10) } }

    private static func probes(
        _ result: AnalysisResult, _ label: String, _ colour: SeriesColour,
        _ error: (ProbeMeasurement) -> Double?
    ) -> ChartSeries {
        var values = [Double?](repeating: nil, count: result.units.count)
        for probe in result.probes where values.indices.contains(probe.unit) {
            values[probe.unit] = error(probe).map(log10)
        }
        return ChartSeries(label, colour, .marks, values)
    }

    /// A chart against unit l, with the stages of a result behind it.
    static func chart(
        _ result: AnalysisResult, _ title: String, _ axisTitle: String, _ series: [ChartSeries],
        scale: ValueAxis.Scale = .linear, limits: ClosedRange<Double>? = nil, including: Double? = nil,
        rules: [LineChart.Rule] = [], marksHorizon: Bool = true
    ) -> LineChart {
        var chart = LineChart(
            title: title,
            axis: ValueAxis(
                title: axisTitle, scale: scale, series: series,
                including: rules.map(\.value) + [including].compactMap(\.self), limits: limits),
            series: series, bands: bands(result.network),
            rowCount: result.units.count,
            rowName: { row in
                let unit = result.units[row]
                return "x_\(unit.unit): stage \(unit.stage), \(unit.channels) channels"
            })
        if marksHorizon, let horizon = result.horizon {
            chart.milestones = [
                LineChart.Milestone(row: Double(horizon), label: "rounding decides from here on →")
            ]
        }
        return chart
    }

    static func bands(_ network: NetworkSummary) -> [LineChart.Band] {
        network.stages.filter { $0.firstUnit <= $0.lastUnit }.map { stage in
            LineChart.Band(
                rows: stage.firstUnit...stage.lastUnit, label: Summary.stage(stage),
                shortLabel: "stage \(stage.stage)")
        }
    }
}
