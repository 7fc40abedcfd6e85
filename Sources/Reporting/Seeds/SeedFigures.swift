import Foundation

/// The figures of several seeds: medians as lines, quartiles as bands about them.
extension Figure {
    public static func all(_ statistics: SeedStatistics) -> [Figure] {
        let seeds = Quantity.counted(statistics.seeds.count, "seed")
        return [norms(statistics), signal(statistics), stageNorms(statistics), cosine(statistics)]
            .map { $0.of("\(NetworkWords(statistics.network).text) · \(seeds)") }
    }

    private static func norms(_ statistics: SeedStatistics) -> Figure {
        let result = statistics.results[0]
        return Figure(
            "gradient-norms",
            caption: """
                Medians over \(statistics.seeds.count) seeds; the bands reach from quartile to quartile. The \
                gradient at x_l is the sum of a direct term, carried by the shortcuts alone, and a term that \
                passed through weights (Eqn. 5, 8), which is drawn where it is not the total.
                """,
            chart: normsChart(
                result,
                paths: [
                    series("total gradient", .blue, .plain, statistics, "gradient_log10"),
                    series(
                        "direct (shortcuts)\(directEnd(statistics.results))", .vermilion, .plain, statistics,
                        "direct_log10"),
                    series("through weights", .green, .plain, statistics, "through_weights_log10"),
                    series(
                        Summary.shortcutProduct(result), .purple, .dashed, statistics,
                        "shortcut_product_log10"),
                ],
                expected: expected(
                    [
                        ("total, theory", .blue, "predicted_gradient_log10"),
                        ("direct, theory", .vermilion, "predicted_direct_log10"),
                    ], statistics)))
    }

    private static func signal(_ statistics: SeedStatistics) -> Figure {
        var chart = chart(
            statistics.results[0], "Forward signal", "per element (logarithmic)",
            [
                series("RMS of x_l", .blue, .plain, statistics, "forward_rms", log10).marked(.circle),
                series(
                    "channel mean, squared", .amber, .dashed, statistics, "channel_mean_square", log10
                ).marked(.square),
                series("channel variance", .purple, .plain, statistics, "channel_variance", log10)
                    .marked(.triangle),
            ] + expected([("RMS, theory", .blue, "predicted_forward_rms")], statistics, log10),
            scale: .logarithmic)
        chart.valueText = { Quantity.power(log10: $0) }
        return Figure(
            "forward-signal",
            caption: "Size and channel moments of x_l: medians and quartiles over the seeds.", chart: chart)
    }

    private static func stageNorms(_ statistics: SeedStatistics) -> Figure {
        var lines = [
            series("direct, within stage", .vermilion, .plain, statistics, "stage_direct_log10")
                .marked(.diamond),
            series(
                "through weights, within stage", .green, .plain, statistics, "stage_through_weights_log10"
            ).marked(.hollowCircle),
        ]
        let starts = Set(statistics.network.stages.map(\.firstUnit))
        for index in lines.indices { lines[index].breaks = starts }
        return Figure(
            "stage-norms",
            caption: """
                The decomposition restarted at the last x of every stage, transitions excluded (the paper's \
                footnote 1): medians and quartiles over the seeds.
                """,
            chart: chart(
                statistics.results[0], "The two paths within each stage", "log10 of the L2 norm", lines))
    }

    private static func cosine(_ statistics: SeedStatistics) -> Figure {
        var chart = chart(
            statistics.results[0], "Do the two paths agree?", "cosine (no unit)",
            [series("cos(direct, through weights)", .slate, .plain, statistics, "cosine")],
            limits: -1.02...1.02, including: 0)
        chart.valueText = { NumberStyle.decimals(4).text($0, minus: "−") }
        return Figure(
            "cosine",
            caption: "Cosine of the angle between the two terms: medians and quartiles over the seeds.",
            chart: chart)
    }

    /// The median of what theory expects with each seed's x_0 and ‖g_L‖, where it was asked.
    private static func expected(
        _ quantities: [(String, SeriesColour, String)], _ statistics: SeedStatistics,
        _ transform: (Double) -> Double = { $0 }
    ) -> [ChartSeries] {
        guard statistics.results.contains(where: { !$0.theory.isEmpty }) else { return [] }
        return quantities.map { name, colour, column in
            let medians = statistics.column(column).map { $0?.median.map(transform) }
            // Of no width: the band is as wide as it is drawn at least.
            return ChartSeries(
                name, colour, .expected, medians, spread: medians.map { $0.map { $0...$0 } })
        }
    }

    /// The line and band of a column of the table of units.
    private static func series(
        _ label: String, _ colour: SeriesColour, _ stroke: ChartSeries.Stroke, _ statistics: SeedStatistics,
        _ column: String, _ transform: (Double) -> Double = { $0 }
    ) -> ChartSeries {
        ChartSeries(label, colour, stroke, statistics.column(column), transform)
    }
}

extension ChartSeries {
    /// Medians with the quartiles about them; no band where there is only one seed.
    init(
        _ label: String, _ colour: SeriesColour, _ stroke: Stroke, _ bands: [QuartileBand?],
        _ transform: (Double) -> Double = { $0 }
    ) {
        let isSeveral = bands.contains { ($0?.count ?? 0) > 1 }
        let spread = bands.map { band -> ClosedRange<Double>? in
            guard let low = band?.lowerQuartile.map(transform), low.isFinite,
                let high = band?.upperQuartile.map(transform), high.isFinite, low <= high
            else { return nil }
            return low...high
        }
        self.init(
            label, colour, stroke, bands.map { $0?.median.map(transform) }, spread: isSeveral ? spread : [])
    }
}
