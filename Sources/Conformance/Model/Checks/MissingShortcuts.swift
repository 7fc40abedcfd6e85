import Graphs

extension ModelStructure {
    /// Stretches without a shortcut that are what F of a unit is, operator by operator and size by size: between two units,
    /// before the first and behind the last. Where sizes change otherwise than in any unit, there is nothing to add.
    var missingShortcuts: [StructureFinding] {
        let patterns = model.units.indices.map { BranchPattern(of: $0, in: self) }
        return gaps.flatMap { gap in matches(of: patterns, in: gap) }
    }

    /// Operators in the order of computation, and the unit that they stand behind.
    private struct Gap {
        let unit: Int?
        let values: [Graph.ValueID]
    }

    private var gaps: [Gap] {
        let (path, rows) = (model.path, model.rows)
        let between = model.units.indices.filter { model.units[$0].isTransition }.map { l in
            Gap(unit: l, values: path.computing(from: model.units[l].results, to: rows[l + 1].values))
        }
        let head = Gap(
            unit: model.units.count - 1,
            values: path.computing(from: rows[rows.count - 1].values, to: [path.graph.output]))
        return [Gap(unit: nil, values: path.computing(from: [], to: rows[0].values))] + between
            + (model.isNested ? [] : [head])
    }

    private func matches(of patterns: [BranchPattern], in gap: Gap) -> [StructureFinding] {
        var (findings, start) = ([StructureFinding](), 0)
        // Those of the nearest units first.
        let near = patterns.sorted { first, second in
            let place = gap.unit ?? 0
            return (abs(first.unit - place), first.unit) < (abs(second.unit - place), second.unit)
        }
        while start < gap.values.count {
            let rest = gap.values[start...]
            guard let pattern = near.first(where: { $0.begins(rest, in: self) }) else {
                start += 1
                continue
            }
            findings.append(finding(pattern, Array(rest.prefix(pattern.steps.count)), in: gap))
            start += pattern.steps.count
        }
        return findings
    }

    private func finding(
        _ pattern: BranchPattern, _ values: [Graph.ValueID], in gap: Gap
    ) -> StructureFinding {
        let path = model.path
        let begin = values.first.flatMap { path.signalOperands(of: $0).first?.value } ?? 0
        let end = values.last ?? 0
        let place =
            gap.unit.map { $0 + 1 == units.count ? "behind the last unit" : "behind unit \($0)" }
            ?? "before the first unit"
        return StructureFinding(
            .missingShortcut, units: [gap.unit].compactMap(\.self), label: commonLabel(of: values),
            values: [name(begin), name(end)],
            "From \(name(begin)) to \(name(end)), \(place), stands what F is in unit \(pattern.unit) "
                + "(\(units[pattern.unit].label)), and no shortcut leads around it.")
    }

    /// The longest path of modules that all labels begin with; that of the last where they have none.
    private func commonLabel(of values: [Graph.ValueID]) -> String {
        let labels = values.map { label($0) }
        guard let last = labels.last else { return "" }
        var common = Substring(last)
        while !common.isEmpty, !labels.allSatisfy({ $0.hasPrefix(common) }) { common = common.dropLast() }
        if common.count < last.count || labels.count > 1 {
            let end = common.lastIndex { $0 == "." || $0 == "/" }
            common = common == last ? common : end.map { common[..<$0] } ?? ""
        }
        return common.isEmpty ? last : String(common)
    }
}

/// F of a unit as something that may stand elsewhere too: its operators, and how large each one's result is beside x_l.
private struct BranchPattern {
    struct Step: Hashable {
        let signature: OperatorSignature
        let size: Ratio
    }

    /// Of two numbers of elements, in lowest terms.
    struct Ratio: Hashable {
        let numerator: Int
        let denominator: Int

        init(_ numerator: Int, _ denominator: Int) {
            var (a, b) = (numerator, denominator)
            while b != 0 { (a, b) = (b, a % b) }
            (self.numerator, self.denominator) = a == 0 ? (0, 0) : (numerator / a, denominator / a)
        }
    }

    let unit: Int
    let steps: [Step]
    private let holdsWeights: Bool

    init(unit l: Int, values: [Graph.ValueID], from start: Graph.ValueID, in structure: ModelStructure) {
        let (path, numbers) = (structure.model.path, structure.numbers)
        unit = l
        steps = values.compactMap { value in
            OperatorSignature(of: value, in: path, numbers: numbers).map { signature in
                Step(
                    signature: signature,
                    size: Ratio(path.graph.nodes[value].shape.count, path.graph.nodes[start].shape.count))
            }
        }
        holdsWeights = values.contains(where: path.isWeightLayer)
    }

    init(of l: Int, in structure: ModelStructure) {
        let (model, path) = (structure.model, structure.model.path)
        let x = model.rows[l].values
        self.init(
            unit: l, values: path.computing(from: x, to: model.units[l].branchEdges.map(\.value)), from: x[0],
            in: structure)
    }

    func begins(_ values: ArraySlice<Graph.ValueID>, in structure: ModelStructure) -> Bool {
        let path = structure.model.path
        guard holdsWeights, steps.count > 1, values.count >= steps.count, let first = values.first,
            let start = path.signalOperands(of: first).first
        else { return false }
        let found = BranchPattern(
            unit: unit, values: Array(values.prefix(steps.count)), from: start.value, in: structure)
        return found.steps == steps
    }
}
