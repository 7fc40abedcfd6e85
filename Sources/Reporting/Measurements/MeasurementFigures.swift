import Analysis
import Foundation
import NumericalMethods

/// The figures of what was measured beyond the sweeps.
extension Figure {
    static func measured(_ result: AnalysisResult) -> [Figure] {
        guard let measured = result.measurements else { return [] }
        return [
            measured.pathLengths.map { pathLengths(result, $0) },
            measured.pathLengths.map { pathLengthMeans(result, $0) },
            measured.parameterGradients.map { parameterGradients(result, $0) },
            measured.cancellation.map { cancellation(result, $0) },
            measured.correlation.map { correlation(result, $0) },
            measured.lineCorrelation.map(lineCorrelation),
            measured.signalPropagation.map { signalPropagation(result, $0) },
        ].compactMap(\.self)
    }

    private static let colours: [SeriesColour] = [.blue, .vermilion, .green, .purple, .amber, .slate]

    /// The share of each path length at x_0 and at the first x of every stage.
    static func pathLengths(_ result: AnalysisResult, _ spectrum: PathLengthSpectrum) -> Figure {
        let greatest = spectrum.distributions.map(\.length).max() ?? 0
        let units = Array(Set(spectrum.distributions.map(\.unit))).sorted()
        let series = units.enumerated().map { index, unit in
            var shares = [Double?](repeating: nil, count: greatest + 1)
            for length in spectrum.distributions where length.unit == unit {
                shares[length.length] = length.share
            }
            return ChartSeries("at x_\(unit)", colours[index % colours.count], .plain, shares)
        }
        let ranges = series.compactMap(\.range)
        let data = ranges.map(\.upperBound).max().map { 0...max(0, $0) }
        var chart = LineChart(
            title: "How many branches the gradient passed",
            axis: ValueAxis(title: "share of Σ ‖G‖²", scale: .linear, data: data), series: series, bands: [],
            abscissa: .pathLengths, rowCount: greatest + 1,
            rowName: { "length \($0)" })
        chart.valueText = { NumberStyle.significant(3).text($0, minus: "−") }
        return Figure(
            "path-lengths",
            caption: """
                The gradient at x_l split by the number of residual branches on its way from x_L; squared norms \
                as weights, since paths of different length are nearly uncorrelated.
                """, chart: chart)
    }

    /// Mean path length, with a standard deviation on either side.
    static func pathLengthMeans(_ result: AnalysisResult, _ spectrum: PathLengthSpectrum) -> Figure {
        func values(_ sign: Double) -> [Double?] {
            spectrum.rows.map { row in
                row.mean.flatMap { mean in row.standardDeviation.map { mean + sign * $0 } }
            }
        }
        return Figure(
            "path-length-mean",
            caption: "Mean number of branches passed between x_L and x_l, and one standard deviation.",
            chart: chart(
                result, "Mean path length", "residual branches",
                [
                    ChartSeries("mean", .blue, .plain, values(0)),
                    ChartSeries("mean + deviation", .slate, .dashed, values(1)),
                    ChartSeries("mean − deviation", .slate, .dashed, values(-1)),
                ], including: 0))
    }

    /// log10 of the norm of every weight layer's gradient, one line for each layer of a branch.
    static func parameterGradients(_ result: AnalysisResult, _ rows: [ParameterGradientNorm]) -> Figure {
        let layers = rows.filter { $0.isWeightLayer && $0.unit != nil }
        let names = Array(Set(layers.map { placeInUnit($0.parameter) })).sorted()
        let series = names.enumerated().map { index, name in
            var values = [Double?](repeating: nil, count: result.units.count)
            for layer in layers where placeInUnit(layer.parameter) == name {
                if let unit = layer.unit, values.indices.contains(unit) { values[unit] = layer.gradientLog10 }
            }
            return ChartSeries(
                name, colours[index % colours.count], values.count { $0 != nil } > 3 ? .plain : .marks, values
            )
        }
        return Figure(
            "parameter-gradients",
            caption: "Norm of ∂E/∂W of the weight layers of unit l.",
            chart: chart(result, "Gradients of the weights", "log10 of the L2 norm", series))
    }

    /// `branch.conv1` of `units.7.branch.conv1.weight`.
    private static func placeInUnit(_ parameter: String) -> String {
        parameter.split(separator: ".").dropFirst(2).dropLast().joined(separator: ".")
    }

    static func cancellation(_ result: AnalysisResult, _ rows: [Cancellation]) -> Figure {
        let series = [
            ChartSeries("median cosine", .slate, .plain, rows.map(\.cosineMedian)),
            ChartSeries("least cosine", .vermilion, .dashed, rows.map(\.cosineMinimum)),
            ChartSeries("largest cosine", .blue, .dashed, rows.map(\.cosineMaximum)),
            ChartSeries("share cancelled", .purple, .plain, rows.map(\.cancelledShare)),
        ]
        var chart = chart(
            result, "Do the two paths cancel in any sample?", "cosine, share (no unit)", series,
            limits: -1.02...1.02, including: 0)
        chart.valueText = { NumberStyle.decimals(4).text($0, minus: "−") }
        return Figure(
            "cancellation",
            caption: """
                Cosine between the two terms of Eqn. 5 over the samples of the batch, and the share of samples \
                whose gradient is less than a tenth of the direct term.
                """, chart: chart)
    }

    static func correlation(_ result: AnalysisResult, _ rows: [GradientCorrelation]) -> Figure {
        let series = [
            ChartSeries("mean cosine", .blue, .plain, rows.map(\.meanCosine)),
            ChartSeries("mean magnitude", .amber, .dashed, rows.map(\.meanAbsoluteCosine)),
        ]
        var chart = chart(
            result, "Gradients of different samples", "cosine (no unit)", series, limits: -1.02...1.02,
            including: 0)
        chart.valueText = { NumberStyle.decimals(4).text($0, minus: "−") }
        return Figure(
            "correlation",
            caption: "Cosine of ∂E/∂x_l between pairs of samples: 0 for shattered gradients.", chart: chart)
    }

    /// The cosine against the place on the line, at x_0 and at the first x of every stage.
    static func lineCorrelation(_ correlation: LineCorrelation) -> Figure {
        let units = correlation.reportedUnits.filter(correlation.rows.indices.contains)
        let series = units.enumerated().map { index, unit in
            ChartSeries(
                "at x_\(unit)", colours[index % colours.count], .plain, correlation.rows[unit].cosines)
        }
        let names = correlation.distances.map { "1/\(Int(saturating: 1 / $0))" }.map {
            $0 == "1/1" ? "1" : $0
        }
        var chart = LineChart(
            title: "Gradients along the line between two images",
            axis: ValueAxis(
                title: "cosine (no unit)", scale: .linear, series: series, including: [0],
                limits: -1.02...1.02),
            series: series, bands: [], abscissa: .linePlaces(names), rowCount: names.count,
            rowName: { "t = \(names[$0])" })
        chart.valueText = { NumberStyle.decimals(4).text($0, minus: "−") }
        return Figure(
            "line-correlation",
            caption: """
                Cosine of one logit's gradient between an image and t of the way to another, mean over \
                \(Quantity.counted(correlation.lines, "line")): it falls at small t where gradients are shattered.
                """, chart: chart)
    }

    static func signalPropagation(_ result: AnalysisResult, _ rows: [SignalPropagation]) -> Figure {
        func logarithms(_ value: (SignalPropagation) -> Double?) -> [Double?] {
            rows.map { value($0).map(log10) }
        }
        var chart = chart(
            result, "Signal propagation", "per element (logarithmic)",
            [
                ChartSeries(
                    "average channel squared mean", .amber, .dashed, logarithms(\.averageChannelSquaredMean)),
                ChartSeries(
                    "average channel variance", .purple, .plain, logarithms(\.averageChannelVariance)),
                ChartSeries(
                    "residual average variance", .green, .plain, logarithms(\.residualAverageVariance)),
            ], scale: .logarithmic)
        chart.valueText = { Quantity.power(log10: $0) }
        return Figure(
            "signal-propagation",
            caption:
                "The statistics of Brock, De and Smith (2021): x_l, and the end of the branch that reads it.",
            chart: chart)
    }
}
