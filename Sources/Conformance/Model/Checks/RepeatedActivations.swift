import Graphs
import Operators

extension ModelStructure {
    /// What is normalised or activated twice with nothing between that could want it: the same activation of an activation, a
    /// batch normalisation of one, perhaps with its activation or a pool between, another normalisation that is read by
    /// nothing else; and the activation that begins the head behind units that end with it.
    var repeatedActivations: [StructureFinding] {
        model.path.graph.nodes.indices.compactMap { value in
            earlier(than: value).map { finding($0, value) }
        } + [activatedHead].compactMap(\.self)
    }

    /// The value that another repeats.
    private func earlier(than value: Graph.ValueID) -> Graph.ValueID? {
        let path = model.path
        guard path.isActivation(value) || path.isNormalization(value),
            let operand = path.signalOperands(of: value).first.map({ path.source(of: $0.value) })
        else { return nil }
        if path.isActivation(value) { return isSame(value, operand) ? operand : nil }
        guard isBatchNormalization(value) else {
            return path.isNormalization(operand) && isReadOnlyOnTheWay(from: operand, to: value)
                ? operand : nil
        }
        var before = operand
        while path.isActivation(before) || isPool(before),
            let next = path.signalOperands(of: before).first
        {
            before = path.source(of: next.value)
        }
        return isBatchNormalization(before) ? before : nil
    }

    /// Whether nothing but a later value reads an earlier one, or what moves its data on the way there.
    private func isReadOnlyOnTheWay(from earlier: Graph.ValueID, to later: Graph.ValueID) -> Bool {
        let path = model.path
        var value = later
        while value != earlier, let operand = path.signalOperands(of: value).first {
            guard path.consumers[operand.value].count == 1 else { return false }
            value = operand.value
        }
        return true
    }

    private func isSame(_ value: Graph.ValueID, _ other: Graph.ValueID) -> Bool {
        let nodes = model.path.graph.nodes
        return model.path.isActivation(other) && nodes[value].operation?.name == nodes[other].operation?.name
    }

    private func isBatchNormalization(_ value: Graph.ValueID) -> Bool {
        if case .normalization = model.path.graph.nodes[value].operation?.role { true } else { false }
    }

    private func isPool(_ value: Graph.ValueID) -> Bool {
        guard let operation = model.path.graph.nodes[value].operation else { return false }
        return operation is MaxPool || operation is AveragePool
    }

    private func finding(_ earlier: Graph.ValueID, _ later: Graph.ValueID) -> StructureFinding {
        let word = OperatorRun.shortName(of: model.path.graph.nodes[later].operation?.name ?? "")
        return StructureFinding(
            .repeatedActivation, units: [unit(of: later)].compactMap(\.self), label: label(later),
            values: [name(earlier), name(later)],
            "\(word) \(name(later)) follows \(word) \(name(earlier)), and no weight layer stands between.")
    }

    /// The activation of f, a second time at the beginning of the head.
    private var activatedHead: StructureFinding? {
        let path = model.path
        guard !model.isNested, let last = model.rows.last, let unit = model.units.last else { return nil }
        let after = path.computing(from: unit.results, to: last.values)
        guard let activation = after.last(where: path.isActivation) else { return nil }
        let head = path.computing(from: last.values, to: [path.graph.output])
        let beginning = head.prefix {
            !path.isWeightLayer($0) && path.graph.nodes[$0].operation?.role != .sum
        }
        guard let second = beginning.first(where: { isSame($0, activation) }),
            path.signalOperands(of: second).first.map({ path.source(of: $0.value) }) != activation
        else { return nil }
        return finding(activation, second)
    }
}
