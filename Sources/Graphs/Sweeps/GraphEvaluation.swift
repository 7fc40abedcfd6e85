import Kernels
import Operators
import Tensors

/// A graph at a point: its output, and of the other values what derivatives read.
public struct GraphEvaluation<Scalar: KernelScalar>: Sendable {
    public let plan: EvaluationPlan
    private var values: [Value<Scalar>?]
    private var residues: [(any Sendable)?]
    /// False where an observer ended it early.
    public private(set) var isComplete = true

    /// Computes every value that the output needs.
    ///
    /// - Parameters:
    ///   - given: the values that the plan does not compute.
    ///   - observed: values that are shown as they come, their operands still there.
    ///   - observe: returns whether to go on. It may keep a value's statistics with it.
    /// - Throws: `GraphError`, with the label of the node that cannot be computed.
    public init(
        _ plan: EvaluationPlan, _ arguments: GraphArguments<Scalar>,
        given: [Graph.ValueID: Value<Scalar>] = [:], observing observed: Set<Graph.ValueID> = [],
        observe: (Graph.ValueID, inout GraphEvaluation) throws -> Bool = { _, _ in true }
    ) throws {
        self.plan = plan
        values = Array(repeating: nil, count: plan.graph.nodes.count)
        residues = Array(repeating: nil, count: plan.graph.nodes.count)
        for id in plan.order {
            if plan.given.contains(id) {
                guard let value = given[id] else {
                    throw GraphError.missingInput(name: plan.graph.nodes[id].name)
                }
                values[id] = value
            } else {
                try compute(id, arguments)
            }
            if observed.contains(id), try !observe(id, &self) {
                isComplete = false
                return
            }
            for released in plan.releases[id] { values[released] = nil }
        }
    }

    @specialized(where Scalar == Float)
    private mutating func compute(_ id: Graph.ValueID, _ arguments: GraphArguments<Scalar>) throws {
        guard case .operation(let operation, let operands) = plan.graph.nodes[id].source else {
            values[id] = try arguments.value(of: plan.graph.nodes[id])
            return
        }
        do {
            let evaluation = try operation.value(of: operands.compactMap { values[$0] })
            values[id] = evaluation.value
            residues[id] = evaluation.residue
        } catch { throw GraphError.operation(label: plan.graph.nodes[id].label, error) }
    }

    /// A value that is in memory.
    public subscript(id: Graph.ValueID) -> Value<Scalar>? { values[id] }

    /// The graph's output, as a tensor of numbers.
    ///
    /// - Throws: `GraphError.noOutput` where an observer ended it early.
    public var output: Tensor<Scalar> {
        get throws {
            guard let value = values[plan.graph.output] else { throw GraphError.noOutput(plan.graph.output) }
            return try value.tensor
        }
    }

    /// What an operator set aside for its derivatives, such as the statistics that it normalised by.
    public func residue(of id: Graph.ValueID) -> (any Sendable)? { residues[id] }

    /// Keeps the mean and variance of every channel with a value, for whoever asks next.
    public mutating func measureChannels(of id: Graph.ValueID) throws -> ChannelStatistics? {
        guard let value = try values[id]?.measured() else { return nil }
        values[id] = value
        return try value.channelStatistics
    }

    /// J_s t of one node in one slot.
    package func pushForward(
        _ tangent: ScaledTensor<Scalar>, through id: Graph.ValueID, from slot: Int
    ) throws -> ScaledTensor<Scalar> {
        var recomputed: [Graph.ValueID: Value<Scalar>] = [:]
        return try differentiate(id, recomputing: &recomputed) { operation, point in
            try operation.jvp(tangent, from: slot, at: point)
        }
    }

    /// A derivative of one node at its point.
    ///
    /// - Parameter found: what was recomputed before.
    /// - Throws: `GraphError`, with the label of the node.
    func differentiate<Derivative>(
        _ id: Graph.ValueID, recomputing found: inout [Graph.ValueID: Value<Scalar>],
        _ derivative: (any Operator, Point<Scalar>) throws -> Derivative
    ) throws -> Derivative {
        let node = plan.graph.nodes[id]
        guard let operation = node.operation else { preconditionFailure("no operation: \(node.label)") }
        let point = try point(of: id, recomputing: &found)
        do { return try derivative(operation, point) } catch {
            throw GraphError.operation(label: node.label, error)
        }
    }

    /// A value that is in memory, or recomputed from others that are.
    public func value(of id: Graph.ValueID) throws -> Value<Scalar>? {
        var recomputed: [Graph.ValueID: Value<Scalar>] = [:]
        return try value(id, recomputing: &recomputed)
    }

    /// Gives up what a sweep that is over will not read again: a reverse sweep has passed this node.
    mutating func release(_ id: Graph.ValueID) {
        values[id] = nil
        residues[id] = nil
    }

    /// Recomputes a value from others, by the operations that made it.
    ///
    /// - Parameter found: what was recomputed before.
    @specialized(where Scalar == Float)
    func value(_ id: Graph.ValueID, recomputing found: inout [Graph.ValueID: Value<Scalar>]) throws -> Value<
        Scalar
    >? {
        if let value = values[id] ?? found[id] { return value }
        guard case .operation(let operation, let operands) = plan.graph.nodes[id].source else { return nil }
        var inputs: [Value<Scalar>] = []
        for operand in operands {
            guard let input = try value(operand, recomputing: &found) else { return nil }
            inputs.append(input)
        }
        do {
            let value = try operation.value(of: inputs).value
            if plan.staysRecomputed[id] { found[id] = value }
            return value
        } catch { throw GraphError.operation(label: plan.graph.nodes[id].label, error) }
    }

    /// The point at which a node's derivatives are taken.
    @specialized(where Scalar == Float)
    private func point(
        of id: Graph.ValueID, recomputing found: inout [Graph.ValueID: Value<Scalar>]
    ) throws -> Point<Scalar> {
        let derivation = plan.derivatives.derivations[id]
        var operands = [Value<Scalar>?](repeating: nil, count: (derivation.read.last?.slot ?? -1) + 1)
        for (slot, operand) in derivation.read {
            operands[slot] = try value(operand, recomputing: &found)
        }
        return Point(
            shapes: derivation.shapes, resultShape: derivation.resultShape, operands: operands,
            result: derivation.readsResult ? try value(id, recomputing: &found) : nil, residue: residues[id])
    }
}
