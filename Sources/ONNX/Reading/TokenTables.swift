/// The learned tables that inputs of whole numbers look up: how many different tokens there can be.
public struct TokenTables: Sendable {
    /// Rows of the smallest table that an input's numbers are indices of, by input; none of inputs that are no indices.
    public private(set) var rows: [String: Int] = [:]

    public init(_ needed: NeededNodes, initializers: [FileTensor]) {
        let tables = Dictionary(initializers.map { ($0.name, $0.shape) }) { first, _ in first }
        // Tables may be read through identities, indices through casts and changes of shape.
        var (tableOf, inputOf) = ([String: String](), [String: String]())
        for input in needed.inputs { inputOf[input.name] = input.name }
        for scoped in needed.nodes {
            let node = scoped.node
            guard let first = node.inputs.first, let output = node.outputs.first else { continue }
            if node.domain.isEmpty, Self.passing.contains(node.type) {
                inputOf[output] = inputOf[first]
                tableOf[output] = tables[first] != nil ? first : tableOf[first]
            }
            guard node.domain.isEmpty, node.type == "Gather", node.inputs.count > 1,
                let input = inputOf[node.inputs[1]],
                let table = tables[tables[first] != nil ? first : tableOf[first] ?? ""], table.rank > 0
            else { continue }
            rows[input] = min(rows[input] ?? .max, table[0])
        }
    }

    private static let passing: Set = ["Identity", "Cast", "Reshape", "Unsqueeze", "Squeeze", "Flatten"]
}
