import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// An operator with the right value whose derivative is wrong: pulled back, and with `bothWays` pushed forward too.
public struct Mutant: Operator {
    public enum Mistake: Sendable {
        /// The derivative is this times one.
        case scalar(Double)
        /// The right derivative is multiplied in one slot.
        case multiplied(by: Double, slot: Int)
        /// A batch normalisation forgets that mean and variance depend on x.
        case forgottenStatistics
    }

    private let original: any Operator
    private let mistake: Mistake
    private let bothWays: Bool

    public init(_ original: any Operator, _ mistake: Mistake, bothWays: Bool = false) {
        self.original = original
        self.mistake = mistake
        self.bothWays = bothWays
    }

    public var name: String { original.name }
    public var role: OperatorRole { original.role }
    public func shape(of operands: [Shape]) throws -> Shape { try original.shape(of: operands) }
    public func isDifferentiable(in slot: Int) -> Bool { original.isDifferentiable(in: slot) }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool {
        original.isLinear(in: slots, of: operands)
    }
    public func reads(for slot: Int) -> Reads { original.reads(for: slot) }
    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        try original.value(of: operands)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        switch mistake {
        case .scalar(let factor): ScaledTensor(cotangent, factor: factor)
        case .multiplied(let factor, slot):
            try original.vjp(cotangent, to: slot, at: point).scaled(by: factor)
        case .forgottenStatistics where slot == 0:
            try BatchNorm(.running).vjp(cotangent, to: slot, at: point)
        default: try original.vjp(cotangent, to: slot, at: point)
        }
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        guard bothWays else { return try original.jvp(tangent, from: slot, at: point) }
        switch mistake {
        case .scalar(let factor): return ScaledTensor(tangent, factor: factor)
        case .multiplied(let factor, slot):
            return try original.jvp(tangent, from: slot, at: point).scaled(by: factor)
        case .forgottenStatistics where slot == 0:
            return try BatchNorm(.running).jvp(tangent, from: slot, at: point)
        default: return try original.jvp(tangent, from: slot, at: point)
        }
    }
}

extension Network {
    /// The same network with some of its operations replaced.
    public func replacing(
        _ replace:
            @escaping @Sendable (
                _ model: NetworkModel, _ value: Graph.ValueID, _ operation: any Operator,
                _ operands: [Graph.ValueID]
            ) -> (any Operator, [Graph.ValueID])
    ) throws -> Network {
        try rewritten { model in
            let graph = try model.graph.rewriting { replace(model, $0, $1, $2) }
            // The operands of a sum may be others now.
            let units = model.model.units.map { unit in
                ResidualModel.Unit(
                    streams: unit.streams.map { stream in
                        let leaves = stream.merge.leaves.map {
                            Merge.Leaf(value: graph.operands(of: $0.sum)[$0.slot], sum: $0.sum, slot: $0.slot)
                        }
                        return UnitStream(
                            merge: Merge(result: stream.merge.result, leaves: leaves), roles: stream.roles)
                    }, label: unit.label, kind: unit.kind, isTransition: unit.isTransition,
                    factor: unit.factor)
            }
            return NetworkModel(
                model: ResidualModel(path: try SignalPath(of: graph), units: units, rows: model.model.rows),
                parameters: model.parameters, buffers: model.buffers, normalizations: model.normalizations)
        }
    }
}
