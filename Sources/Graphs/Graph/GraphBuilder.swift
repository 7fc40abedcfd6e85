import Operators
import Tensors

/// Makes a graph value by value, in the order of computation. Shapes are known, and refused where they do not fit, as each
/// value is made.
public struct GraphBuilder {
    private var nodes: [Graph.Node] = []
    /// What labels begin with: the part of a network that is being made.
    public var scope = ""

    public init() {}

    /// - Parameter isWhole: whether whole numbers are given, such as token ids.
    public mutating func input(_ name: String, shape: Shape, isWhole: Bool = false) -> Graph.ValueID {
        nodes.append(Graph.Node(.input(name: name), shape: shape, name: name, isWhole: isWhole))
        return nodes.count - 1
    }

    public mutating func parameter(_ name: String, shape: Shape) -> Graph.ValueID {
        append(.parameter(name: name), shape, name)
    }

    public mutating func buffer(_ name: String, shape: Shape) -> Graph.ValueID {
        append(.buffer(name: name), shape, name)
    }

    public mutating func constant(_ numbers: [Double], shape: Shape, label: String? = nil)
        -> Graph.ValueID
    {
        append(.constant(.real(numbers)), shape, label ?? "constant_\(nodes.count)")
    }

    public mutating func constant(whole numbers: [Int], shape: Shape, label: String? = nil)
        -> Graph.ValueID
    {
        append(.constant(.whole(numbers)), shape, label ?? "constant_\(nodes.count)")
    }

    /// What an operator makes of earlier values.
    ///
    /// - Throws: `GraphError.operation`, with the label and the shapes.
    public mutating func apply(
        _ operation: any Operator, to operands: Graph.ValueID..., label: String? = nil
    ) throws -> Graph.ValueID { try apply(operation, to: operands, label: label) }

    /// - Parameter name: by which users speak of the value, as files name tensors; the label where nothing is said.
    public mutating func apply(
        _ operation: any Operator, to operands: [Graph.ValueID], name: String? = nil, label: String? = nil
    ) throws -> Graph.ValueID {
        let label = (scope.isEmpty ? "" : scope + ".") + (label ?? "\(operation.name)_\(nodes.count)")
        for operand in operands where !nodes.indices.contains(operand) {
            throw GraphError.danglingOperand(label: label, operand: "\(operand)")
        }
        do {
            let shape = try operation.shape(of: operands.map { nodes[$0].shape })
            return append(.operation(operation, operands: operands), shape, name ?? label, label: label)
        } catch { throw GraphError.operation(label: label, error) }
    }

    public func shape(of id: Graph.ValueID) -> Shape { nodes[id].shape }

    /// The graph of all values so far.
    ///
    /// - Throws: `GraphError.noOutput`.
    public func graph(output: Graph.ValueID) throws -> Graph { try Graph(nodes: nodes, output: output) }

    private mutating func append(
        _ source: Graph.Source, _ shape: Shape, _ name: String, label: String? = nil
    ) -> Graph.ValueID {
        nodes.append(Graph.Node(source, shape: shape, name: name, label: label))
        return nodes.count - 1
    }
}
