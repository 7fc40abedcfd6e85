import Kernels
import Operators
import Tensors

/// A network as data: values, each an input, a parameter, a constant, or what an operator makes of earlier ones.
///
/// Values stand in an order in which each comes after its operands. A graph knows nothing of residual units; who looks for
/// them, or states them, names values of the graph.
public struct Graph: Sendable {
    /// A value, by its place in the graph.
    public typealias ValueID = Int

    /// What a value is.
    public enum Source: Sendable {
        /// Given by whoever evaluates the graph: images, token ids.
        case input(name: String)
        /// A trainable tensor under its name.
        case parameter(name: String)
        /// Given under its name too, but not trained, and no source of the signal: running statistics, masks.
        case buffer(name: String)
        /// A fixed one: position tables, scalars.
        case constant(Constant)
        case operation(any Operator, operands: [ValueID])
    }

    public struct Node: Sendable {
        public let source: Source
        /// For inputs of whole numbers too.
        public let shape: Shape
        /// By which users speak of it: a tensor's name in a file.
        public let name: String
        /// Where it comes from, for people: a module's path, a layer's name. It decides nothing.
        public let label: String
        /// Of inputs: whether whole numbers are given (token ids), which no derivative passes through.
        public let isWhole: Bool

        init(_ source: Source, shape: Shape, name: String, label: String? = nil, isWhole: Bool = false) {
            self.source = source
            self.shape = shape
            self.name = name
            self.label = label ?? name
            self.isWhole = isWhole
        }
    }

    public let nodes: [Node]
    /// The value that the loss is taken of.
    public let output: ValueID

    /// - Throws: `GraphError`.
    public init(nodes: [Node], output: ValueID) throws {
        for (id, node) in nodes.enumerated() {
            for operand in node.operands where !(0..<id).contains(operand) {
                throw nodes.indices.contains(operand)
                    ? GraphError.cycle(label: node.label)
                    : .danglingOperand(label: node.label, operand: "\(operand)")
            }
        }
        guard nodes.indices.contains(output) else { throw GraphError.noOutput(output) }
        self.nodes = nodes
        self.output = output
    }

    /// Of nodes whose order is known to be right.
    init(unchecked nodes: [Node], output: ValueID) {
        self.nodes = nodes
        self.output = output
    }

    public func operands(of id: ValueID) -> [ValueID] { nodes[id].operands }

    /// The same values with another output, by name (`--output`).
    ///
    /// - Throws: `GraphError.noValue`.
    public func with(output name: String) throws -> Graph {
        try Graph(nodes: nodes, output: try value(named: name))
    }

    /// The same values and one more, which an operator makes of the output, as the output.
    ///
    /// - Throws: `GraphError.operation`.
    public func applying(_ operation: any Operator, name: String) throws -> Graph {
        do {
            let shape = try operation.shape(of: [nodes[output].shape])
            let last = Node(.operation(operation, operands: [output]), shape: shape, name: name)
            return Graph(unchecked: nodes + [last], output: nodes.count)
        } catch { throw GraphError.operation(label: name, error) }
    }

    /// The value of a name.
    ///
    /// - Throws: `GraphError.noValue`, and `ambiguousName` where several bear it.
    public func value(named name: String) throws(GraphError) -> ValueID {
        let named = nodes.indices.filter { nodes[$0].name == name }
        guard let value = named.first else { throw .noValue(name: name) }
        guard named.count == 1 else { throw .ambiguousName(name, count: named.count) }
        return value
    }
}

extension Graph.Node {
    /// Of operations; none otherwise.
    public var operands: [Graph.ValueID] {
        if case .operation(_, let operands) = source { operands } else { [] }
    }

    public var operation: (any Operator)? {
        if case .operation(let operation, _) = source { operation } else { nil }
    }
}

extension Graph {
    /// A fixed tensor, in double precision or of whole numbers.
    public enum Constant: Sendable {
        case real([Double])
        case whole([Int])

        func value<Scalar: KernelScalar>(_ shape: Shape, _ type: Scalar.Type) -> Value<Scalar> {
            switch self {
            // A single number keeps its digits as a scale, in any precision.
            case .real(let numbers) where numbers.count == 1 && numbers[0].isFinite:
                .real(ScaledTensor(Tensor(rounding: [1], shape: shape), factor: numbers[0]))
            case .real(let numbers): Value(Tensor(rounding: numbers, shape: shape))
            case .whole(let numbers): .whole(WholeTensor(numbers, shape: shape))
            }
        }
    }
}

/// Why values make no graph, or a graph cannot be computed.
public enum GraphError: Error, CustomStringConvertible {
    /// An operator refuses its operands.
    case operation(label: String, any Error)
    case cycle(label: String)
    case danglingOperand(label: String, operand: String)
    case noOutput(Int)
    case noValue(name: String)
    case ambiguousName(String, count: Int)
    case missingInput(name: String)
    case inputShape(name: String, expected: Shape, found: Shape)
    case inputKind(name: String, expectsWhole: Bool)
    case missingParameter(name: String)
    case missingBuffer(name: String)
    /// An operator without a derivative stands on the signal's way.
    case noDerivative(label: String, operation: String)
    /// The output does not depend on the inputs, as far as derivatives tell.
    case noSignal(output: String, inputs: [String])

    public var description: String {
        switch self {
        case .operation(let label, let error): "\(label): \(error)"
        case .cycle(let label): "\(label) depends on itself."
        case .danglingOperand(let label, let operand):
            "\(label) reads the value \(operand), which the graph does not have."
        case .noOutput(let id): "Value \(id) is to be the output, and the graph has no such value."
        case .noValue(let name): "The graph has no value named \(name)."
        case .ambiguousName(let name, let count):
            "The name \(name) stands for \(count) values of the graph; each value needs its own."
        case .missingInput(let name): "The graph's input \(name) is not given."
        case .inputShape(let name, let expected, let found):
            "The graph's input \(name) has shape \(expected), and an array of shape \(found) is given."
        case .inputKind(let name, let expectsWhole):
            expectsWhole
                ? "The graph's input \(name) takes whole numbers, such as token ids, and is given real ones."
                : "The graph's input \(name) takes real numbers, and is given whole ones."
        case .missingParameter(let name): "The graph's parameter \(name) is not given."
        case .missingBuffer(let name): "The graph's buffer \(name) is not given."
        case .noSignal(let output, let inputs):
            inputs.isEmpty
                ? "No derivative reaches the output \(output): the graph has no input."
                : "No derivative reaches the output \(output) from the inputs \(inputs.joined(separator: ", "))."
        case .noDerivative(let label, let operation):
            "\(label): no derivative passes through \(operation), which stands between the input and the output."
        }
    }
}
