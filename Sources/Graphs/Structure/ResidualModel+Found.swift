import Tensors

extension ResidualModel {
    /// The model that was found in a graph.
    ///
    /// x_l is the fork of unit l. Where f = identity occurs in the stack it is the preceding merge's result, as far as that
    /// dominates the fork and no weight layer lies between: the norm and activation that h and F of a pre-activation
    /// transition share belong to the unit. x_L is what follows the last merge as far as it repeats the f before it.
    ///
    /// - Parameter stack: its place in the table's list, which begins with the largest.
    /// - Throws: `ResidualModelError`.
    public init(_ table: UnitTable, stack: Int = 0) throws(ResidualModelError) {
        guard !table.stacks.isEmpty else { throw .noUnit(table) }
        guard table.stacks.indices.contains(stack) else { throw .noStack(stack, of: table.stacks.count) }
        let (path, found) = (table.path, table.stacks[stack].map { table.units[$0] })
        let states = Self.states(of: found, in: path)
        let transitions = found.indices.map { place in
            place + 1 < found.count
                && Segment(from: found[place].results, to: states[place + 1], in: path).holdsWeightLayers
        }
        let units = zip(found, transitions).map { unit, isTransition in
            Unit(
                streams: unit.streams, label: path.graph.nodes[unit.end].label, kind: unit.kind,
                isTransition: isTransition)
        }
        self.init(
            path: path, units: units, rows: Self.rows(states, behind: found, transitions, in: path),
            isNested: found.contains { $0.level > 0 })
    }

    /// x_0 … x_L.
    private static func states(of units: [FoundUnit], in path: SignalPath) -> [[Graph.ValueID]] {
        var states = units.map(\.forks)
        let segments = states.indices.dropFirst().map {
            Segment(from: units[$0 - 1].results, to: states[$0], in: path)
        }
        let isPreactivated = segments.contains { $0.isClosed && $0.operators.isEmpty }
        for (before, segment) in segments.enumerated()
        where isPreactivated && segment.isClosed && !segment.holdsWeightLayers {
            states[before + 1] = units[before].results
        }
        guard let last = units.last else { return states }
        return states + [end(behind: last, units, states, in: path)]
    }

    /// x_L.
    private static func end(
        behind last: FoundUnit, _ units: [FoundUnit], _ states: [[Graph.ValueID]], in path: SignalPath
    ) -> [Graph.ValueID] {
        for place in units.indices.dropLast().reversed() {
            let (start, end) = (units[place].results, states[place + 1])
            let segment = Segment(from: start, to: end, in: path)
            guard segment.isConnected, !segment.holdsWeightLayers else { continue }
            guard start.count == last.results.count, end.count == start.count else { break }
            return segment.repeated(
                from: start, to: end, behind: last.results, Dominators(of: path), path.consumers)
        }
        return last.results
    }

    /// With their stages.
    private static func rows(
        _ states: [[Graph.ValueID]], behind units: [FoundUnit], _ transitions: [Bool], in path: SignalPath
    ) -> [Row] {
        func shapes(_ place: Int) -> [Shape] { states[place].map { path.graph.nodes[$0].shape } }
        var stage = 0
        return states.indices.map { place in
            if place > 0, shapes(place) != shapes(place - 1) || transitions[place - 1] { stage += 1 }
            return Row(values: states[place], stage: stage)
        }
    }
}

/// Why a graph gives no residual model.
public enum ResidualModelError: Error, CustomStringConvertible {
    /// With the sums that were considered.
    case noUnit(UnitTable)
    case noStack(Int, of: Int)

    public var description: String {
        switch self {
        case .noUnit(let table):
            let alike = table.rejected.count { $0.reason == .operandsAlike }
            let without = table.rejected.count { $0.reason == .noBranch }
            return
                "No residual unit found: \(table.rejected.count) sums of signals, of which \(alike) with operands "
                + "alike and \(without) without an operand that brings weight layers of its own."
        case .noStack(let stack, let count):
            return "There is no stack \(stack): \(count) were found, counted from 0."
        }
    }
}
