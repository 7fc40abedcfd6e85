extension SignalPath {
    /// Values that some depend on by the signal, they themselves among them, as far back as one.
    func ancestors(of values: [Graph.ValueID], from first: Graph.ValueID = 0) -> Set<Graph.ValueID> {
        var (found, open) = (Set<Graph.ValueID>(), values)
        while let value = open.popLast() {
            guard value >= first, found.insert(value).inserted else { continue }
            open += signalOperands(of: value).map(\.value)
        }
        return found
    }

    func depends(_ value: Graph.ValueID, on other: Graph.ValueID) -> Bool {
        ancestors(of: [value], from: other).contains(other)
    }

    /// Whether every way from a value to the output passes one of some others.
    func passes(from value: Graph.ValueID, always others: Set<Graph.ValueID>) -> Bool {
        var (seen, open) = (Set<Graph.ValueID>(), [value])
        while let next = open.popLast() {
            guard !others.contains(next), seen.insert(next).inserted else { continue }
            if next == graph.output { return false }
            open += consumers[next]
        }
        return true
    }

    /// Those of some values on which no other one depends, in the order of computation.
    func latest(of values: Set<Graph.ValueID>) -> [Graph.ValueID] {
        values.sorted().filter { value in !values.contains { $0 > value && depends($0, on: value) } }
    }

    /// The weight layers that a value is made of without another one between.
    func lastLayers(before value: Graph.ValueID) -> Set<Graph.ValueID> {
        var (layers, seen, open) = (Set<Graph.ValueID>(), Set<Graph.ValueID>(), [value])
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            if isWeightLayer(next) {
                layers.insert(next)
            } else {
                open += signalOperands(of: next).map(\.value)
            }
        }
        return layers
    }
}
