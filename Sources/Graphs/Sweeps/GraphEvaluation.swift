import Kernels
import Operators
import Tensors

/// A graph at a point: its output, and of the other values what derivatives read.
public struct GraphEvaluation<Scalar: KernelScalar>: Sendable {
    public let path: SignalPath
    private var values: [Value<Scalar>?]
    private var residues: [(any Sendable)?]

    /// Computes every value that the output needs.
    ///
    /// - Parameters:
    ///   - inputs: by name, each of the shape that the graph says.
    ///   - parameters: by name.
    ///   - keeping: values that are kept beside those that derivatives read.
    /// - Throws: `GraphError`, with the label of the node that cannot be computed.
    public init(
        _ path: SignalPath, inputs: [String: Value<Scalar>], parameters: [String: Tensor<Scalar>],
        keeping: Set<Graph.ValueID> = []
    ) throws {
        self.path = path
        let graph = path.graph
        values = Array(repeating: nil, count: graph.nodes.count)
        residues = Array(repeating: nil, count: graph.nodes.count)
        let isKept = Self.kept(path).union(keeping).union([graph.output])
        var uses = Self.uses(of: graph)
        for (id, node) in graph.nodes.enumerated() where uses[id] > 0 {
            values[id] = try value(of: id, node, inputs, parameters)
            for operand in node.operands {
                uses[operand] -= 1
                if uses[operand] == 0, !isKept.contains(operand) { values[operand] = nil }
            }
        }
    }

    private mutating func value(
        of id: Graph.ValueID, _ node: Graph.Node, _ inputs: [String: Value<Scalar>],
        _ parameters: [String: Tensor<Scalar>]
    ) throws -> Value<Scalar> {
        switch node.source {
        case .input(let name):
            guard let value = inputs[name] else { throw GraphError.missingInput(name: name) }
            guard value.shape == node.shape else {
                throw GraphError.inputShape(name: name, expected: node.shape, found: value.shape)
            }
            return value
        case .parameter(let name):
            guard let tensor = parameters[name] else { throw GraphError.missingParameter(name: name) }
            return Value(tensor.reshaped(node.shape))
        case .constant(let constant): return constant.value(node.shape, Scalar.self)
        case .operation(let operation, let operands):
            do {
                let evaluation = try operation.value(of: operands.compactMap { values[$0] })
                residues[id] = evaluation.residue
                return evaluation.value
            } catch { throw GraphError.operation(label: node.label, error) }
        }
    }

    /// How often each value is read by one that the output needs; at least once for the output.
    private static func uses(of graph: Graph) -> [Int] {
        var uses = [Int](repeating: 0, count: graph.nodes.count)
        uses[graph.output] = 1
        for id in graph.nodes.indices.reversed() where uses[id] > 0 {
            for operand in graph.operands(of: id) { uses[operand] += 1 }
        }
        return uses
    }

    /// Values that a derivative on the signal's way reads.
    private static func kept(_ path: SignalPath) -> Set<Graph.ValueID> {
        var kept: Set<Graph.ValueID> = []
        for (id, node) in path.graph.nodes.enumerated() {
            guard path.carries(id), case .operation(let operation, let operands) = node.source else {
                continue
            }
            for (slot, _) in path.signalOperands(of: id) {
                let reads = operation.reads(for: slot)
                kept.formUnion(reads.operands.filter(operands.indices.contains).map { operands[$0] })
                if reads.result { kept.insert(id) }
            }
        }
        return kept
    }

    /// A value that was kept.
    public func value(_ id: Graph.ValueID) -> Value<Scalar>? { values[id] }

    /// J_sᵀc of an operation in one slot.
    func vjp(_ cotangent: ScaledTensor<Scalar>, through id: Graph.ValueID, to slot: Int) throws
        -> ScaledTensor<Scalar>
    {
        try at(id, slot) { try $0.vjp(cotangent.tensor, to: slot, at: $1) }
            .scaled(by: cotangent.factor, power: cotangent.exponent)
    }

    /// J_s t of an operation in one slot.
    func jvp(_ tangent: ScaledTensor<Scalar>, through id: Graph.ValueID, from slot: Int) throws
        -> ScaledTensor<Scalar>
    {
        try at(id, slot) { try $0.jvp(tangent.tensor, from: slot, at: $1) }
            .scaled(by: tangent.factor, power: tangent.exponent)
    }

    private func at(
        _ id: Graph.ValueID, _ slot: Int,
        _ derivative: (any Operator, Point<Scalar>) throws -> ScaledTensor<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let node = path.graph.nodes[id]
        guard case .operation(let operation, let operands) = node.source else {
            preconditionFailure("\(node)")
        }
        let reads = operation.reads(for: slot)
        var found: [Int: Value<Scalar>] = [:]
        for read in reads.operands where operands.indices.contains(read) {
            found[read] = values[operands[read]]
        }
        do {
            return try derivative(
                operation,
                Point(
                    shapes: operands.map { path.graph.nodes[$0].shape }, resultShape: node.shape,
                    operands: found,
                    result: reads.result ? values[id] : nil, residue: residues[id]))
        } catch { throw GraphError.operation(label: node.label, error) }
    }
}
