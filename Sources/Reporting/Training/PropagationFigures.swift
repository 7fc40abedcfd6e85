import Training

/// Propagation while training: heat maps of unit × iteration, and what f = ReLU cut off before and after.
extension Figure {
    static func propagation(_ result: TrainingResult) -> [Figure] {
        guard result.propagation.contains(where: { !$0.rows.isEmpty }) else { return [] }
        let maps = PropagationQuantity.norms.map { HeatMap($0, result) }
        let values = maps.compactMap(\.range)
        let shared = values.map(\.lowerBound).min().flatMap { least in
            values.map(\.upperBound).max().map { least...$0 }
        }
        let norms = zip(PropagationQuantity.norms, maps).map { quantity, map in
            var map = map
            map.sharedRange = shared
            return Figure(quantity.name, caption: map.caption, heatMap: map)
        }
        let forward = HeatMap(.forward, result)
        let signal =
            forward.range == nil
            ? [] : [Figure(PropagationQuantity.forward.name, caption: forward.caption, heatMap: forward)]
        return (norms + signal + negativeShares(result)).map { $0.of(words(result)) }
    }

    /// The share of y_l < 0 at the first and the last measurement that has it; none where f is not ReLU.
    private static func negativeShares(_ result: TrainingResult) -> [Figure] {
        let measured = result.propagation.filter { snapshot in
            snapshot.rows.contains { $0.negativeShare?.isFinite == true }
        }
        guard let first = measured.first, let last = measured.last else { return [] }
        let snapshots = first.iteration == last.iteration ? [first] : [first, last]
        let series = zip(snapshots, [(SeriesColour.slate, ChartSeries.Stroke.dashed), (.blue, .plain)]).map {
            snapshot, look in
            ChartSeries(
                PropagationWords.moment(snapshot.iteration), look.0, look.1,
                snapshot.rows.map(\.negativeShare))
        }
        // The last row is x_L, which no unit reads.
        let count = max(1, (measured.map(\.rows.count).max() ?? 1) - 1)
        var chart = LineChart(
            title: "What f = ReLU cuts off",
            axis: ValueAxis(
                title: "share of y_l < 0", scale: .linear, series: series, including: [0], limits: 0...1),
            series: series, bands: [], rowCount: count, rowName: { "unit \($0)" })
        chart.valueText = { NumberStyle.decimals(3).text($0) }
        return [
            Figure(
                "negative-share",
                caption: """
                    The share of elements of y_l that are negative, which f = ReLU sets to 0: before training and \
                    after. The paper expects it to be rare in trained networks.
                    """, chart: chart)
        ]
    }
}

extension HeatMap {
    /// A quantity of every x_l at every measurement, x_0 at the bottom: the signal goes up, the gradient down.
    ///
    /// - Parameters:
    ///   - unitLimit: more rows than this cannot be told apart.
    ///   - snapshotLimit: more columns than this cannot be told apart.
    init(
        _ quantity: PropagationQuantity, _ result: TrainingResult, unitLimit: Int = 112,
        snapshotLimit: Int = 80
    ) {
        let snapshots = Decimation.rows(result.propagation.count, limit: snapshotLimit)
            .map { result.propagation[$0] }
        let unitCount = result.propagation.map(\.rows.count).max() ?? 0
        let units = Decimation.rows(unitCount, limit: unitLimit).reversed()
        let cells = units.map { unit in
            snapshots.map { snapshot in
                let value = snapshot.rows.indices.contains(unit) ? quantity.value(snapshot.rows[unit]) : nil
                return HeatMap.Cell(
                    value: value, isMeasured: true, checksHold: true,
                    note: "x_\(unit) \(PropagationWords.moment(snapshot.iteration))")
            }
        }
        let left = [
            units.count < unitCount ? "\(units.count) of \(unitCount) units" : nil,
            snapshots.count < result.propagation.count
                ? "\(snapshots.count) of \(result.propagation.count) measurements" : nil,
        ].compactMap(\.self)
        let selection = left.isEmpty ? "" : " Shown are \(left.joined(separator: " and "))."
        self.init(
            title: quantity.title, quantity: quantity.name,
            caption: quantity.caption
                + " A column a measurement, by the iterations done; grey is no value: a norm of 0, or not measured."
                + selection,
            rowTitle: "unit l", columnTitle: "iterations done", rowLabels: units.map(Quantity.grouped),
            columnLabels: snapshots.map { Quantity.grouped($0.iteration) }, cells: cells, style: .decimals(1))
        // Beyond this there is no room for every number.
        if units.count > 12 || snapshots.count > 8 { detail = .colours }
    }
}
