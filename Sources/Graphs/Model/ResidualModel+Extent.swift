import Operators
import Tensors

/// How much a model holds and computes.
extension ResidualModel {
    /// Shapes of x_0 … x_L; of several tensors the first.
    public var rowShapes: [Shape] { rows.map { path.graph.nodes[$0.values[0]].shape } }

    /// Elements of the largest x_l, over all its tensors.
    public var largestRow: Int { rows.map(elements).max() ?? 0 }

    /// Elements of all x_l together. In Double: no number of elements is too large to be told.
    public var rowElements: Double { rows.reduce(0) { $0 + Double(elements(of: $1)) } }

    /// Elements of the largest value that the signal passes: scores of attention and logits may be larger than any x_l.
    public var largestValue: Int {
        path.graph.nodes.indices.filter(path.carries).map { path.graph.nodes[$0].shape.count }.max() ?? 0
    }

    private func elements(of row: Row) -> Int {
        row.values.reduce(0) { $0 + path.graph.nodes[$1].shape.count }
    }

    /// Multiplications, each with an addition, of one forward pass and of one backward pass from the output to x_0, which
    /// leaves the stem out.
    public var multiplyAdds: (forward: Int, backward: Int) {
        let first = rows[0].values.max() ?? 0
        let nodes = path.graph.nodes
        return nodes.enumerated().reduce(into: (0, 0)) { sums, node in
            guard case .operation(let operation, let operands) = node.element.source else { return }
            let products = operation.multiplyAdds(of: operands.map { nodes[$0].shape })
            sums.0 += products
            if node.offset > first { sums.1 += products }
        }
    }
}
