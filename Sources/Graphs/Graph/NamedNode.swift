import Operators
import Tensors

extension Graph {
    /// A value whose operands are known by name, as files hold them.
    public struct NamedNode: Sendable {
        public enum Source: Sendable {
            case input(shape: Shape, isWhole: Bool = false)
            case parameter(shape: Shape)
            case buffer(shape: Shape)
            case constant(Constant, shape: Shape)
            case operation(any Operator, operands: [String])
        }

        /// Borne by no other.
        public let name: String
        public let source: Source
        /// Where it comes from, for people; the name where nothing is said.
        public let label: String

        public init(_ name: String, _ source: Source, label: String? = nil) {
            self.name = name
            self.source = source
            self.label = label ?? name
        }

        fileprivate var operands: [String] {
            if case .operation(_, let operands) = source { operands } else { [] }
        }
    }

    /// The graph of values that stand in any order, without those that the output does not need. What is in order stays in
    /// the order given.
    ///
    /// - Throws: `GraphError`, with the name of the node: operands that are not there, a value that depends on itself, two
    ///   of one name, and operators that refuse their operands.
    public init(_ named: [NamedNode], output: String) throws {
        let order = try NamedOrder(named, output: output)
        var (places, nodes) = ([String: ValueID](), [Node]())
        for node in order.nodes {
            let operands = node.operands.compactMap { places[$0] }
            places[node.name] = nodes.count
            nodes.append(try Node(node, operands: operands, among: nodes))
        }
        // The output is needed by itself.
        try self.init(nodes: nodes, output: places[output] ?? nodes.count)
    }
}

extension Graph.Node {
    fileprivate init(
        _ node: Graph.NamedNode, operands: [Graph.ValueID], among others: [Graph.Node]
    ) throws {
        func make(_ source: Graph.Source, _ shape: Shape, isWhole: Bool = false) -> Graph.Node {
            Graph.Node(source, shape: shape, name: node.name, label: node.label, isWhole: isWhole)
        }
        switch node.source {
        case .input(let shape, let isWhole): self = make(.input(name: node.name), shape, isWhole: isWhole)
        case .parameter(let shape): self = make(.parameter(name: node.name), shape)
        case .buffer(let shape): self = make(.buffer(name: node.name), shape)
        case .constant(let constant, let shape): self = make(.constant(constant), shape)
        case .operation(let operation, _):
            do {
                let shape = try operation.shape(of: operands.map { others[$0].shape })
                self = make(.operation(operation, operands: operands), shape)
            } catch { throw GraphError.operation(label: node.label, error) }
        }
    }
}

/// Nodes that an output needs, each behind its operands.
private struct NamedOrder {
    private(set) var nodes: [Graph.NamedNode] = []

    init(_ given: [Graph.NamedNode], output: String) throws(GraphError) {
        let places = try Self.places(given)
        guard let last = places[output] else { throw .noValue(name: output) }
        var operands = [[Int]](repeating: [], count: given.count)
        var (isNeeded, open) = ([Bool](repeating: false, count: given.count), [last])
        while let place = open.popLast() {
            guard !isNeeded[place] else { continue }
            isNeeded[place] = true
            for name in given[place].operands {
                guard let operand = places[name] else {
                    throw .danglingOperand(label: given[place].label, operand: name)
                }
                operands[place].append(operand)
            }
            open += operands[place]
        }
        var (isBegun, isDone) = (isNeeded.map { !$0 }, isNeeded.map { !$0 })
        for first in given.indices {
            // Depth first, without recursion: files may be deep.
            open = [first]
            while let place = open.last {
                let missing = operands[place].filter { !isDone[$0] }
                if isDone[place] || missing.isEmpty {
                    if !isDone[place] { nodes.append(given[place]) }
                    (isBegun[place], isDone[place]) = (true, true)
                    open.removeLast()
                } else if isBegun[place] {
                    // One of its operands, followed to its own operands, came back to it.
                    throw .cycle(label: given[place].label)
                } else {
                    isBegun[place] = true
                    open += missing.reversed()
                }
            }
        }
    }

    private static func places(_ nodes: [Graph.NamedNode]) throws(GraphError) -> [String: Int] {
        var places: [String: Int] = [:]
        for (place, node) in nodes.enumerated() {
            guard places.updateValue(place, forKey: node.name) == nil else {
                throw .ambiguousName(node.name, count: nodes.count { $0.name == node.name })
            }
        }
        return places
    }
}
