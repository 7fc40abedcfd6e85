extension ResidualModel {
    /// Whether all that leads from a row to the output passes each later row: rows of one tensor each, without taps, long
    /// skips or side streams.
    public func isChain(in path: DerivativePath) -> Bool {
        guard rows.allSatisfy({ $0.values.count == 1 }) else { return false }
        let values = rows.map { $0.values[0] }
        var passed = [Int](repeating: 0, count: path.graph.nodes.count + 1)
        for value in values { passed[value + 1] = 1 }
        for id in path.graph.nodes.indices { passed[id + 1] += passed[id] }
        // Rows strictly between the ends of an edge would be passed over.
        return path.graph.nodes.indices.allSatisfy { id in
            path.operands(of: id).allSatisfy { passed[id] - passed[$0.value + 1] == 0 }
        }
    }
}
