import Foundation

/// The overlaid charts of a comparison: one line a network, against unit l or, where depths differ, against
/// relative depth.
extension Figure {
    static func all(_ comparison: Comparison) -> [Figure] {
        let words = NetworkWords.shared(by: comparison.networks.map { NetworkWords($0.statistics.network) })
        return [
            overlay(
                comparison, "direct", "Direct term", "log10 ‖d_l‖", "direct_log10",
                caption: "The part of the gradient that the shortcuts alone carry (first term of Eqn. 5/8)."),
            overlay(
                comparison, "total", "Whole gradient", "log10 ‖g_l‖", "gradient_log10",
                caption: "The gradient ∂E/∂x_l, both paths together."),
            forward(comparison),
        ].map { $0.of(words) }
    }

    private static func forward(_ comparison: Comparison) -> Figure {
        overlay(
            comparison, "forward-signal", "Forward signal", "RMS per element (logarithmic)", "forward_rms",
            caption: "Root mean square of x_l over all elements.", scale: .logarithmic)
    }

    private static func overlay(
        _ comparison: Comparison, _ name: String, _ title: String, _ axisTitle: String, _ column: String,
        caption: String, scale: ValueAxis.Scale = .linear
    ) -> Figure {
        let transform: (Double) -> Double = scale == .logarithmic ? { log10($0) } : { $0 }
        let overlay = Overlay(comparison)
        var series = overlay.series(column, transform)
        if column == "direct_log10" {
            for (index, network) in comparison.networks.enumerated() {
                series[index].label += directEnd(network.statistics.results)
            }
        }
        var chart = LineChart(
            title: title, axis: ValueAxis(title: axisTitle, scale: scale, series: series), series: series,
            bands: overlay.stages, rowCount: overlay.rowCount, rowName: overlay.rowName)
        chart.abscissa = overlay.depth == nil ? .units : .relativeDepth
        if scale == .logarithmic { chart.valueText = { Quantity.power(log10: $0) } }
        let seeds = comparison.networks.contains { $0.statistics.seeds.count > 1 }
        return Figure(
            name,
            caption: caption + (seeds ? " Medians over the seeds, with bands between the quartiles." : ""),
            chart: chart)
    }
}

/// The lines of several networks over common rows.
struct Overlay {
    let comparison: Comparison
    /// `nil` where every network has the same units.
    let depth: RelativeDepth?
    let rowCount: Int

    init(_ comparison: Comparison) {
        self.comparison = comparison
        let counts = comparison.networks.map { $0.statistics.rows.count - 1 }
        depth = comparison.hasOneDepth ? nil : RelativeDepth(unitCounts: counts)
        rowCount = depth?.rowCount ?? (counts.first ?? 0) + 1
    }

    /// One series a network, told apart by colour and marker and, beyond six, by stroke.
    func series(_ column: String, _ transform: (Double) -> Double = { $0 }) -> [ChartSeries] {
        let colours: [SeriesColour] = [.blue, .vermilion, .green, .purple, .amber, .slate]
        let strokes: [ChartSeries.Stroke] = [.plain, .dashed, .wide]
        let markers = ChartSeries.Marker.allCases
        return comparison.networks.enumerated().map { index, network in
            let series = ChartSeries(
                network.name, colours[index % colours.count],
                strokes[index / colours.count % strokes.count], network.statistics.column(column), transform
            ).marked(markers[(index + index / colours.count) % markers.count])
            return depth.map { series.resampled(by: $0) } ?? series
        }
    }

    /// The stages, where all networks have the same.
    var stages: [LineChart.Band] {
        guard depth == nil, let first = comparison.networks.first?.statistics.network,
            comparison.networks.allSatisfy({ $0.statistics.network.stages == first.stages })
        else { return [] }
        return Figure.bands(first)
    }

    var rowName: @Sendable (Int) -> String {
        let last = rowCount - 1
        guard depth != nil else { return { "x_\($0)" } }
        return { row in "relative depth \(NumberStyle.decimals(3).text(Double(row) / Double(last)))" }
    }
}

extension ChartSeries {
    fileprivate func resampled(by depth: RelativeDepth) -> ChartSeries {
        let ends = [spread.map { $0?.lowerBound }, spread.map { $0?.upperBound }].map(depth.resampled)
        let band = zip(ends[0], ends[1]).map { low, high in
            low.flatMap { low in high.map { low...max(low, $0) } }
        }
        return ChartSeries(
            label, colour, stroke, depth.resampled(values), spread: spread.isEmpty ? [] : band
        ).marked(marker)
    }
}
