import Graphs

extension ModelStructure {
    /// Activations and normalisations on shortcuts.
    ///
    /// A normalisation behind a projection is usual, and so is what h and F of a unit that changes the size share before
    /// it. Gates are no activations of the shortcut: they have weights.
    var shortcutActivations: [StructureFinding] {
        let found = model.units.indices.compactMap { l in
            let values = unusual(l)
            return values.isEmpty ? nil : (unit: l, values: values)
        }
        return found.map { unit, values in finding(unit, values) }.joiningEqual()
    }

    private func unusual(_ l: Int) -> [Graph.ValueID] {
        let (path, unit, x) = (model.path, model.units[l], model.rows[l].values)
        guard unit.kind != .override else { return [] }
        let way = path.operators(from: x, to: unit.streams.flatMap(\.shortcutLeaves).map(\.value))
        if let layer = way.firstIndex(where: path.isWeightLayer) {
            return unit.kind == .projection ? way[layer...].filter(path.isActivation) : []
        }
        let branch = Set(path.operators(from: x, to: unit.branchEdges.map(\.value)))
        return way.filter { value in
            (path.isActivation(value) || path.isNormalization(value))
                && (units[l].keepsShape || !branch.contains(value))
        }
    }

    private func finding(_ l: Int, _ values: [Graph.ValueID]) -> StructureFinding {
        let path = model.path
        let words = RunDifference.words(
            values.compactMap { OperatorSignature(of: $0, in: path, numbers: numbers) })
        let branch = Set(
            path.operators(from: model.rows[l].values, to: model.units[l].branchEdges.map(\.value)))
        let sentence =
            values.allSatisfy(branch.contains)
            ? "x_l passes \(words) before h and F part: the shortcut is no identity."
            : "\(words) \(values.count == 1 ? "stands" : "stand") on the shortcut"
                + (model.units[l].kind == .projection ? ", behind its projection." : ".")
        return StructureFinding(
            .shortcutActivation, units: [l], label: units[l].label, values: values.map { name($0) }, sentence)
    }
}

extension [StructureFinding] {
    /// One finding for all that say the same of several units.
    func joiningEqual() -> [StructureFinding] {
        var joined: [StructureFinding] = []
        for finding in self {
            guard
                let place = joined.firstIndex(where: {
                    $0.kind == finding.kind && $0.sentence == finding.sentence
                })
            else {
                joined.append(finding)
                continue
            }
            let other = joined[place]
            joined[place] = StructureFinding(
                other.kind, units: other.units + finding.units, label: other.label,
                values: other.values + finding.values, other.sentence)
        }
        return joined
    }
}
