import Graphs
import Operators

extension ModelStructure {
    /// Values that enter a unit's sum more than once, or the sums of two units: F or h counts twice.
    var repeatedOperands: [StructureFinding] {
        model.units.indices.flatMap { l in twice(in: l) } + inTwoUnits
    }

    private func twice(in l: Int) -> [StructureFinding] {
        let unit = model.units[l]
        return unit.streams.flatMap { stream -> [StructureFinding] in
            let shortcut = Set(stream.shortcutLeaves.map { origin(of: $0.value) })
            let counts = Dictionary(
                stream.merge.leaves.map { (origin(of: $0.value), 1) }, uniquingKeysWith: +)
            return counts.filter { $0.value > 1 }.sorted { $0.key < $1.key }.map { value, count in
                StructureFinding(
                    .repeatedOperand, units: [l], label: units[l].label,
                    values: [name(value), name(stream.result)],
                    "\(name(value)), \(shortcut.contains(value) ? "h" : "F") of the unit, enters the sum "
                        + "\(name(stream.result)) \(count == 2 ? "twice" : "\(count) times").")
            }
        }
    }

    /// Branches of a unit that come into a later unit's sum unchanged.
    private var inTwoUnits: [StructureFinding] {
        var first: [Graph.ValueID: Int] = [:]
        return model.units.indices.flatMap { l in
            Set(model.units[l].branchEdges.map { origin(of: $0.value) }).sorted().compactMap { value in
                guard let before = first[value] else {
                    first[value] = l
                    return nil
                }
                return StructureFinding(
                    .repeatedOperand, units: [before, l], label: units[l].label,
                    values: [name(value)] + units[l].merges,
                    "\(name(value)), F of unit \(before), is added again in unit \(l).")
            }
        }
    }

    /// Looked at through identities.
    private func origin(of value: Graph.ValueID) -> Graph.ValueID {
        let path = model.path
        var value = value
        while path.graph.nodes[value].operation?.role == .identity,
            let operand = path.signalOperands(of: value).first
        {
            value = operand.value
        }
        return value
    }
}
