import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// A small network measured on a batch with everything kept, for what is said of the vectors themselves and not
/// only of their norms. Its state is one tensor.
public struct MeasuredStack<Scalar: KernelScalar>: Sendable {
    public let network: Network<Scalar>
    public let model: NetworkModel
    public let forward: ForwardTrace<Scalar>
    public let backward: BackwardTrace<Scalar>
    /// g_L.
    public let top: Tensor<Scalar>

    /// `nil` where the forward pass is not finite.
    ///
    /// - Parameter statistics: for inference mode; those of the batch where there are none.
    public init?(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>, masks: any MaskSource,
        statistics: RunningStatistics? = nil
    ) throws {
        let model = try network.model(
            batch: batch.input.shape.batch, mode: statistics == nil ? .training : .inference)
        let arguments = try network.arguments(
            model, input: batch.input, masks: masks, statistics: statistics ?? [:])
        let forward = try ForwardTrace(
            model.model,
            model.model.measuringPlan(keeping: model.model.observed, .none), arguments,
            loss: .crossEntropy(Labels(batch.labels)))
        guard let cotangent = forward.outputCotangent else { return nil }
        let backward = try BackwardTrace(
            forward, from: cotangent, keeping: Set(model.model.rows.indices))
        guard let top = backward.kept[model.model.units.count]?.total.first?.plain else { return nil }
        self.network = network
        self.model = model
        self.forward = forward
        self.backward = backward
        self.top = top
    }

    /// L.
    public var unitCount: Int { model.model.units.count }
    public var stages: StagePartition { StagePartition(model.model) }

    /// x_l.
    public func state(_ l: Int) throws -> Tensor<Scalar> { try tensor(model.model.rows[l].values[0]) }
    /// h(x_l).
    public func shortcut(_ l: Int) throws -> Tensor<Scalar> {
        try tensor(model.model.units[l].streams[0].shortcutLeaves[0].value)
    }
    /// F(x_l).
    public func branch(_ l: Int) throws -> Tensor<Scalar> {
        try tensor(model.model.units[l].branchEdges[0].value)
    }
    /// y_l.
    public func sum(_ l: Int) throws -> Tensor<Scalar> { try tensor(model.model.units[l].results[0]) }

    /// g_l, d_l and w_l.
    public func paths(at l: Int) -> PathTerms<Scalar>? { backward.kept[l]?.parts.first }

    /// HᵀDᵀv, from x_{l+1} to x_l by all but the branch.
    public func pullBackDirect(_ v: Tensor<Scalar>, of l: Int) throws -> Tensor<Scalar> {
        try forward.paths(from: v, at: l + 1, downTo: l)[l]?.direct.plain ?? v
    }

    /// (H + J)ᵀDᵀv.
    public func pullBack(_ v: Tensor<Scalar>, of l: Int) throws -> Tensor<Scalar> {
        try forward.paths(from: v, at: l + 1, downTo: l)[l]?.total.plain ?? v
    }

    /// JᵀDᵀv, by the branch alone.
    public func pullBackThroughBranch(_ v: Tensor<Scalar>, of l: Int) throws -> Tensor<Scalar> {
        try forward.paths(from: v, at: l + 1, downTo: l)[l]?.throughWeights.plain ?? v
    }

    /// DHv, from x_l to x_{l+1} by all but the branch.
    public func pushForwardDirect(_ v: Tensor<Scalar>, of l: Int) throws -> Tensor<Scalar> {
        try push(v, of: l)?.direct.plain ?? v
    }

    /// D(H + J)v.
    public func pushForward(_ v: Tensor<Scalar>, of l: Int) throws -> Tensor<Scalar> {
        try push(v, of: l)?.total.plain ?? v
    }

    private func push(_ v: Tensor<Scalar>, of l: Int) throws -> PathTerms<Scalar>? {
        let rows = model.model.rows
        return try TangentSweep(
            forward.evaluation, cutting: model.model.units.flatMap(\.branchEdges)
        ).run(from: [rows[l].values[0]: PathTerms(ScaledTensor(v))], to: rows[l + 1].values[0])
    }

    private func tensor(_ value: Graph.ValueID) throws -> Tensor<Scalar> {
        guard let found = try forward.evaluation.value(of: value) else {
            throw GraphError.missingInput(name: model.graph.nodes[value].label)
        }
        return try found.tensor
    }
}

extension ForwardTrace {
    /// What a cotangent of x_l becomes at every x below it, all of it direct at x_l.
    ///
    /// - Parameter end: the last row.
    public func paths(
        from cotangent: Tensor<Scalar>, at row: Int, downTo end: Int = 0
    ) throws -> [Int: PathTerms<Scalar>] {
        let rows = model.rows.map { $0.values[0] }
        let rowOf = model.rowOfValue
        var found: [Int: PathTerms<Scalar>] = [:]
        let sweep = ReverseSweep<PathTerms<Scalar>>(
            cutting: model.units.flatMap(\.branchEdges), visiting: Set(rows[end...row]))
        try sweep.run(
            evaluation, from: [rows[row]: PathTerms(ScaledTensor(cotangent))], downTo: rows[end]
        ) { id, terms in
            if let l = rowOf[id] { found[l] = terms }
        }
        return found
    }
}
