import Graphs
import Kernels
import Tensors

/// ∂x_to/∂x_from as a linear map in both directions, with carried exponents.
struct JacobianOperator<Scalar: KernelScalar> {
    private let forward: ForwardTrace<Scalar>
    private let start: Graph.ValueID
    private let end: Graph.ValueID
    private let rows: Set<Graph.ValueID>
    private let total: TangentSweep<Scalar>
    private let direct: TangentSweep<Scalar>
    /// Called after every unit passed.
    private let progress: () -> Void

    /// - Parameters:
    ///   - from: a row of one tensor.
    ///   - to: a later one.
    init(forward: ForwardTrace<Scalar>, from: Int, to: Int, progress: @escaping () -> Void) {
        self.forward = forward
        (start, end) = (forward.model.rows[from].values[0], forward.model.rows[to].values[0])
        rows = Set(forward.model.rows[from...to].dropFirst().map { $0.values[0] })
        total = TangentSweep(forward.evaluation)
        direct = TangentSweep(
            forward.evaluation, cutting: forward.model.units.flatMap(\.branchEdges), following: .directAlone)
        self.progress = progress
    }

    /// ∏ D (H + J) v.
    func apply(_ v: Tensor<Scalar>) throws -> ScaledTensor<Scalar> { try push(v, total) }

    /// ∏ D H v, the shortcuts alone.
    func applyDirect(_ v: Tensor<Scalar>) throws -> ScaledTensor<Scalar> { try push(v, direct) }

    /// The transpose, applied to u.
    func applyTransposed(_ u: Tensor<Scalar>) throws -> ScaledTensor<Scalar> {
        var arrived: ScaledTensor<Scalar>?
        let sweep = ReverseSweep<PathTerms<Scalar>>(visiting: rows.union([start]))
        try sweep.run(forward.evaluation, from: [end: PathTerms(ScaledTensor(u))], downTo: start) {
            id, terms in
            if id == start { arrived = terms.total } else { progress() }
        }
        return arrived ?? ScaledTensor(Tensor(zeros: forward.model.path.graph.nodes[start].shape), factor: 0)
    }

    private func push(
        _ v: Tensor<Scalar>, _ sweep: TangentSweep<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let arrived = try sweep.run(
            from: [start: PathTerms(ScaledTensor(v))], to: end, visiting: rows
        ) { _, terms in
            // Sums bring what they add into range; shortcuts alone have none.
            terms.keepInRange()
            progress()
        }
        return arrived?.total
            ?? ScaledTensor(Tensor(zeros: forward.model.path.graph.nodes[end].shape), factor: 0)
    }
}
