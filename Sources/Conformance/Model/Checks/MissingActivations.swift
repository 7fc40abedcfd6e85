import Graphs
import Operators

extension ModelStructure {
    /// Where the units begin and end without the normalisation and activation that all of them otherwise have: the stem, the
    /// first unit, the head behind units whose branches are pre-activated, the last f.
    var missingActivations: [StructureFinding] {
        guard !model.isNested, units.count > 1 else { return [] }
        if let usual = preactivation { return missing(preactivation: usual) }
        if let usual = postactivation { return missing(postactivation: usual) }
        return []
    }

    // MARK: - Pre-activation: norm and activation begin F, and f is the identity

    /// What all branches but the first begin with, if that holds a normalisation.
    private var preactivation: [String]? {
        let others = units.dropFirst()
        let plain = others.filter { $0.keepsShape && !$0.isTransition }
        guard plain.count(where: { $0.after.isEmpty }) * 2 > plain.count else { return nil }
        let beginnings = others.map { unit in activations(beginning(branch(unit.index))) }
        guard let usual = beginnings.mostFrequent(), usual.contains(Self.normalization),
            beginnings.allSatisfy({ lacking(usual, in: $0) == nil })
        else { return nil }
        return usual
    }

    private func missing(preactivation usual: [String]) -> [StructureFinding] {
        let path = model.path
        var findings: [StructureFinding] = []
        let ahead = activations(ending(stem(of: model))) + activations(beginning(branch(0)))
        if let lacking = lacking(usual, in: ahead), let first = branch(0).first {
            findings.append(
                StructureFinding(
                    .missingActivation, units: [0], label: units[0].label, values: [name(first)],
                    "F begins without \(lacking), and the stem does not end with it either; it stands before the "
                        + "weights of all other units."))
        }
        let head = path.computing(from: model.rows.last?.values ?? [], to: [path.graph.output])
        if let lacking = lacking(usual, in: activations(beginning(head))),
            let last = model.rows.last?.values.first
        {
            findings.append(
                StructureFinding(
                    .missingActivation, label: head.first.map { label($0) } ?? label(last),
                    values: [name(last)],
                    "The head reads \(name(last)), the last sum, without \(lacking), which stands before the weights "
                        + "of every unit."))
        }
        return findings
    }

    // MARK: - Post-activation: f ends with an activation

    /// What all f but the last end with, if that holds an activation.
    private var postactivation: [String]? {
        let others = units.dropLast()
        let ends = others.map { unit in activations(ending(after(unit.index))) }
        guard let usual = ends.mostFrequent(), usual.contains(where: { $0 != Self.normalization }),
            ends.allSatisfy({ lacking(usual, in: $0) == nil })
        else { return nil }
        return usual
    }

    private func missing(postactivation usual: [String]) -> [StructureFinding] {
        let path = model.path
        var findings: [StructureFinding] = []
        let stem = stem(of: model)
        // What has no weights may have activated its input before.
        if stem.contains(where: path.isWeightLayer) {
            let expected = usualOfStem(usual)
            if let lacking = lacking(expected, in: activations(ending(stem))) {
                let x = model.rows[0].values[0]
                findings.append(
                    StructureFinding(
                        .missingActivation, label: label(x), values: [name(x)],
                        "The stem ends without \(lacking), which stands before every other x_l."))
            }
        }
        let head = path.computing(from: model.rows.last?.values ?? [], to: [path.graph.output])
        let last = units.count - 1
        if let lacking = lacking(usual, in: activations(after(last)) + activations(beginning(head))) {
            findings.append(
                StructureFinding(
                    .missingActivation, units: [last], label: units[last].label, values: units[last].merges,
                    "f lacks \(lacking), which follows the sums of the other units."))
        }
        return findings
    }

    /// That of f; and where branches are normalised by batch, that before it.
    private func usualOfStem(_ usual: [String]) -> [String] {
        let isNormalized = units.allSatisfy { $0.branch.contains { $0.name == "BatchNormalization" } }
        return isNormalized && !usual.contains(Self.normalization) ? [Self.normalization] + usual : usual
    }

    /// Any of them: which one, stages may choose.
    private static let normalization = "normalization"

    // MARK: - Parts of the graph

    private func branch(_ l: Int) -> [Graph.ValueID] {
        model.path.computing(from: model.rows[l].values, to: model.units[l].branchEdges.map(\.value))
    }

    private func after(_ l: Int) -> [Graph.ValueID] {
        model.path.computing(from: model.units[l].results, to: model.rows[l + 1].values)
    }

    private func stem(of model: ResidualModel) -> [Graph.ValueID] {
        model.path.computing(from: [], to: model.rows[0].values)
    }

    /// Before the first weight layer.
    private func beginning(_ run: [Graph.ValueID]) -> [Graph.ValueID] {
        Array(run.prefix { !model.path.isWeightLayer($0) })
    }

    /// Behind the last weight layer.
    private func ending(_ run: [Graph.ValueID]) -> [Graph.ValueID] {
        Array(run.suffix(from: run.lastIndex(where: model.path.isWeightLayer).map { $0 + 1 } ?? 0))
    }

    private func activations(_ run: [Graph.ValueID]) -> [String] {
        let path = model.path
        return run.compactMap { value in
            if path.isNormalization(value) { return Self.normalization }
            return path.isActivation(value) ? path.graph.nodes[value].operation?.name : nil
        }
    }

    /// What of some operators another run lacks, in words; `nil` where it has them all in their order.
    private func lacking(_ usual: [String], in run: [String]) -> String? {
        var rest = run[...]
        let missing = usual.filter { name in
            guard let place = rest.firstIndex(of: name) else { return true }
            rest = rest[(place + 1)...]
            return false
        }
        return missing.isEmpty ? nil : missing.joined(separator: " and ")
    }
}

extension Collection where Element: Hashable {
    /// The element that most are; `nil` where it is not more than half of them.
    func mostFrequent() -> Element? {
        let counts = Dictionary(map { ($0, 1) }, uniquingKeysWith: +)
        return counts.first { $0.value * 2 > count }?.key
    }
}
