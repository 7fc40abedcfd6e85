import Graphs
import Operators

extension ModelStructure {
    /// Parameters that the weight layers of several units multiply with.
    ///
    /// Those whose numbers are all equal are left out: exporters write equal tensors once.
    var sharedWeights: [StructureFinding] {
        var readers: [String: Set<Int>] = [:]
        for (l, values) in layersOfUnits.enumerated() {
            for value in values {
                for name in weights(of: value) { readers[name, default: []].insert(l) }
            }
        }
        let shared = readers.filter { $0.value.count > 1 && !isUniform($0.key) }
        let byUnits = Dictionary(grouping: shared.keys) { shared[$0].map { $0.sorted() } ?? [] }
        return byUnits.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { places, names in
            let names = names.sorted()
            return StructureFinding(
                .sharedWeights, units: places, label: units[places[0]].label, values: names,
                (names.count == 1
                    ? "The weights \(names[0]) are read"
                    : "\(names.count) weights, \(names[0]) among them, are read")
                    + " by \(places.count) units: what is trained in one is trained in all.")
        }
    }

    /// The weight layers of each unit's h, F and f.
    private var layersOfUnits: [Set<Graph.ValueID>] {
        let path = model.path
        return model.units.indices.map { l in
            let unit = model.units[l]
            let inner = path.operators(
                from: model.rows[l].values, to: unit.streams.flatMap(\.merge.leaves).map(\.value))
            let after = path.operators(from: unit.results, to: model.rows[l + 1].values)
            return Set((inner + after).filter(path.isWeightLayer))
        }
    }

    /// Names of the parameters that a weight layer's factors are made of.
    private func weights(of layer: Graph.ValueID) -> [String] {
        let (path, nodes) = (model.path, model.path.graph.nodes)
        guard case .product(let slots) = nodes[layer].operation?.role else { return [] }
        let operands = nodes[layer].operands
        var (names, seen) = ([String](), Set<Graph.ValueID>())
        var open = slots.compactMap { operands.indices.contains($0) ? operands[$0] : nil }
        while let value = open.popLast() {
            // What picks weights out, as a router does, is none of them.
            guard !path.carries(value), path.isLearned(value), seen.insert(value).inserted else { continue }
            if case .parameter(let name) = nodes[value].source, nodes[value].shape.count > 1 {
                names.append(name)
            }
            open += nodes[value].operands
        }
        return names
    }

    private func isUniform(_ parameter: String) -> Bool {
        guard let all = numbers.named(parameter), let first = all.first else { return false }
        return all.allSatisfy { $0 == first }
    }
}
