/// The heat maps of a sweep: one for each quantity and each combination of the axes that are not shown.
extension Sweep {
    var heatMaps: [HeatMap] {
        quantities.flatMap { quantity in facets.map { heatMap(quantity, facet: $0) } }
    }

    var figures: [Figure] {
        heatMaps.enumerated().map { index, map in
            Figure("heat-map-\(index + 1)-\(map.quantity)", caption: map.caption, heatMap: map)
                .of(NetworkWords(manifest.configuration).text)
        }
    }

    /// Combinations of the axes that are neither down nor across.
    private var facets: [[String: String]] {
        facetAxes.reduce([[:]]) { facets, axis in
            facets.flatMap { facet in axis.values.map { facet.merging([axis.name: $0]) { $1 } } }
        }
    }

    private func heatMap(_ quantity: SummaryQuantity, facet: [String: String]) -> HeatMap {
        let rowValues: [String?] = rows?.values ?? [nil]
        let columnValues: [String?] = columns?.values ?? [nil]
        let cells = rowValues.map { row in
            columnValues.map { column in
                var place = facet
                if let rows { place[rows.name] = row }
                if let columns { place[columns.name] = column }
                return cell(quantity, at: place)
            }
        }
        let facetName = facetAxes.map { "\($0.name) \(facet[$0.name] ?? "")" }.joined(separator: ", ")
        let medians = seedCount > 1 ? " Medians over \(seedCount) seeds." : ""
        return HeatMap(
            title: quantity.name + (facetName.isEmpty ? "" : ", \(facetName)"), quantity: quantity.name,
            caption: quantity.documentation + medians
                + " – is a null; ! a failed check; an empty cell was not measured.",
            rowTitle: rows?.name ?? "", columnTitle: columns?.name ?? "", rowLabels: rows?.values ?? [""],
            columnLabels: columns?.values ?? [""], cells: cells, style: quantity.style)
    }

    private func cell(_ quantity: SummaryQuantity, at place: [String: String]) -> HeatMap.Cell {
        let (band, found) = band(quantity, at: place)
        let words = place.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let numbers = band.text(quantity.style, minus: "−") ?? (found.isEmpty ? "not measured" : "null")
        return HeatMap.Cell(
            value: band.median, isMeasured: !found.isEmpty, checksHold: found.allSatisfy(\.checksHold),
            note: "\(words)\n\(quantity.name): \(numbers)")
    }
}
