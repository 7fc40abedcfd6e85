import Kernels
import Operators
import Tensors

/// What a graph is evaluated with, by the names that its nodes have.
public struct GraphArguments<Scalar: KernelScalar>: Sendable {
    public var inputs: [String: Value<Scalar>]
    public var parameters: [String: Tensor<Scalar>]
    public var buffers: [String: Tensor<Scalar>]

    public init(
        inputs: [String: Value<Scalar>], parameters: [String: Tensor<Scalar>] = [:],
        buffers: [String: Tensor<Scalar>] = [:]
    ) {
        self.inputs = inputs
        self.parameters = parameters
        self.buffers = buffers
    }

    /// The value of a node that is no operation.
    ///
    /// - Throws: `GraphError`, where it is missing or has another shape.
    func value(of node: Graph.Node) throws -> Value<Scalar>? {
        switch node.source {
        case .input(let name):
            guard let value = inputs[name] else { throw GraphError.missingInput(name: name) }
            guard value.shape == node.shape else {
                throw GraphError.inputShape(name: name, expected: node.shape, found: value.shape)
            }
            guard case .whole = value else {
                if node.isWhole { throw GraphError.inputKind(name: name, expectsWhole: true) }
                return value
            }
            guard node.isWhole else { throw GraphError.inputKind(name: name, expectsWhole: false) }
            return value
        case .parameter(let name):
            guard let tensor = parameters[name] else { throw GraphError.missingParameter(name: name) }
            return Value(try shaped(tensor, as: node, name))
        case .buffer(let name):
            guard let tensor = buffers[name] else { throw GraphError.missingBuffer(name: name) }
            return Value(try shaped(tensor, as: node, name))
        case .constant(let constant): return constant.value(node.shape, Scalar.self)
        case .operation: return nil
        }
    }

    /// A vector may come as (1, C), a classifier's matrix for a 1×1 filter.
    private func shaped(
        _ tensor: Tensor<Scalar>, as node: Graph.Node, _ name: String
    ) throws -> Tensor<Scalar> {
        guard tensor.shape.count == node.shape.count else {
            throw GraphError.inputShape(name: name, expected: node.shape, found: tensor.shape)
        }
        return tensor.shape == node.shape ? tensor : tensor.reshaped(node.shape)
    }
}
