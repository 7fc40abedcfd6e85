import Operators

/// What lies between some values and others behind them, such as f between y_l and x_{l+1}.
struct Segment {
    /// In the order of computation; where the segment ends among them, where it starts not.
    let values: [Graph.ValueID]
    /// Whether the end depends on the inputs through the start alone: whether the start dominates it.
    let isClosed: Bool
    /// Whether any way leads from the start to the end.
    let isConnected: Bool

    private let path: SignalPath

    init(from start: [Graph.ValueID], to end: [Graph.ValueID], in path: SignalPath) {
        self.path = path
        let (first, starts) = (start.min() ?? 0, Set(start))
        var (behind, open, isClosed) = (Set<Graph.ValueID>(), end, true)
        while let value = open.popLast() {
            guard !starts.contains(value), !behind.contains(value) else { continue }
            let operands = path.signalOperands(of: value)
            // What comes before the start, or from an input, is a way past it.
            guard value > first, !operands.isEmpty else {
                isClosed = false
                continue
            }
            behind.insert(value)
            open += operands.map(\.value)
        }
        var reached = starts
        values = behind.sorted().filter { value in
            guard path.signalOperands(of: value).contains(where: { reached.contains($0.value) }) else {
                return false
            }
            reached.insert(value)
            return true
        }
        self.isClosed = isClosed
        isConnected = end.contains { reached.contains($0) }
    }

    var holdsWeightLayers: Bool { values.contains { path.isWeightLayer($0) } }

    /// Values of operators that do more than move data.
    var operators: [Graph.ValueID] { values.filter { !path.movesData($0) } }

    /// How far what is behind some values repeats this segment, operator by operator, whose start those values take the
    /// place of.
    ///
    /// - Parameter end: values of this segment.
    /// - Returns: what stands for the end, or for each of its values the last one that stands for one which every way to
    ///   it passes.
    func repeated(
        from start: [Graph.ValueID], to end: [Graph.ValueID], behind others: [Graph.ValueID],
        _ dominators: Dominators, _ consumers: [[Graph.ValueID]]
    ) -> [Graph.ValueID] {
        var images = Dictionary(zip(start, others)) { first, _ in first }
        for value in values {
            let operands = path.signalOperands(of: value).map { images[$0.value] }
            guard let first = operands.first.flatMap({ $0 }), consumers.indices.contains(first) else {
                continue
            }
            images[value] = consumers[first].first {
                path.repeats($0, value) && path.signalOperands(of: $0).map { Optional($0.value) } == operands
            }
        }
        let whole = end.compactMap { images[$0] }
        guard whole.count < end.count else { return whole }
        guard end.count == others.count else { return others }
        return zip(end, others).map { last, other in
            var current: Graph.ValueID? = last
            while let value = current {
                if let image = images[value] { return image }
                current = dominators.immediate[value]
            }
            return other
        }
    }
}

extension SignalPath {
    /// Whether a value has the elements of its one operand, perhaps in other places.
    public func movesData(_ id: Graph.ValueID) -> Bool {
        switch graph.nodes[id].operation?.role {
        case .identity, .rearrangement: true
        default: false
        }
    }

    /// Whether two values come of the same operator by the same slots.
    fileprivate func repeats(_ id: Graph.ValueID, _ other: Graph.ValueID) -> Bool {
        graph.nodes[id].operation?.name == graph.nodes[other].operation?.name
            && signalOperands(of: id).map(\.slot) == signalOperands(of: other).map(\.slot)
    }
}
