/// The nodes of a model without functions: whatever calls one is replaced by the function's nodes.
struct FunctionInlining {
    /// A node with the versions of the operators that its name is of.
    struct Scoped {
        var node: FileNode
        let operatorSets: [String: Int]
        /// Of the node of the model that it came of, for people.
        let label: String
    }

    private(set) var nodes: [Scoped] = []
    private let functions: [Name: FileFunction]
    private let file: String

    private struct Name: Hashable {
        let domain: String
        let type: String
    }

    /// Calls within calls, at most: more is a function that calls itself.
    private static let greatestDepth = 64
    /// Nodes, at most: functions that call others twice each could say more of them than anybody can hold.
    private static let greatestCount = 4_000_000

    /// - Throws: `ModelReadingError.functionTooDeep`, `.tooManyNodes`.
    init(_ model: ModelFile, file: String) throws(ModelReadingError) {
        functions = Dictionary(
            model.functions.map { (Name(domain: $0.domain, type: $0.name), $0) },
            uniquingKeysWith: { first, _ in first })
        self.file = file
        for node in model.graph.nodes {
            try append(node, model.operatorSets, label: NodeLabel.text(of: node), depth: 0)
        }
    }

    private mutating func append(
        _ node: FileNode, _ operatorSets: [String: Int], label: String, depth: Int
    ) throws(ModelReadingError) {
        guard let function = functions[Name(domain: node.domain, type: node.type)] else {
            guard nodes.count < Self.greatestCount else {
                throw .tooManyNodes(file: file, most: Self.greatestCount)
            }
            nodes.append(Scoped(node: node, operatorSets: operatorSets, label: label))
            return
        }
        guard depth < Self.greatestDepth else { throw .functionTooDeep(function.name, file: file) }
        let call = Call(of: function, by: node)
        let sets = operatorSets.merging(function.operatorSets) { _, own in own }
        for inner in function.nodes {
            try append(
                call.bound(inner), sets, label: NodeLabel.path(of: inner) ?? label, depth: depth + 1)
        }
        // An output that is an input, or left out, is no node's.
        for (name, outer) in zip(function.outputs, node.outputs)
        where !outer.isEmpty && function.inputs.contains(name) {
            let identity = FileNode("Identity", inputs: [call.value(name)], outputs: [outer])
            nodes.append(Scoped(node: identity, operatorSets: ["": 13], label: label))
        }
    }
}

/// One call of a function: its values by the names of who calls.
private struct Call {
    private let function: FileFunction
    private let node: FileNode
    private let names: [String: String]
    private let scope: String

    init(of function: FileFunction, by node: FileNode) {
        self.function = function
        self.node = node
        // Borne by no other node.
        scope = node.outputs.first { !$0.isEmpty } ?? node.name
        var names: [String: String] = [:]
        for (index, name) in function.inputs.enumerated() {
            names[name] = index < node.inputs.count ? node.inputs[index] : ""
        }
        for (name, outer) in zip(function.outputs, node.outputs) where !outer.isEmpty && names[name] == nil {
            names[name] = outer
        }
        self.names = names
    }

    func value(_ name: String) -> String {
        name.isEmpty ? "" : names[name] ?? "\(scope)/\(name)"
    }

    func bound(_ inner: FileNode) -> FileNode {
        var bound = inner
        bound.name = "\(scope)/\(inner.name)"
        bound.inputs = inner.inputs.map(value)
        bound.outputs = inner.outputs.map(value)
        bound.attributes = inner.attributes.compactMapValues { attribute in
            guard case .reference(let name) = attribute else { return attribute }
            return node.attributes[name] ?? function.defaults[name]
        }
        return bound
    }
}
