import Graphs
import Kernels
import Tensors

/// ∂x_to/∂x_from as a linear map in both directions, with carried exponents. A state of several tensors is one vector, their
/// elements one behind another.
struct JacobianOperator<Scalar: KernelScalar> {
    private let forward: ForwardTrace<Scalar>
    private let start: State
    private let end: State
    private let rows: Set<Graph.ValueID>
    /// The value of each row at which all of it has been passed, going down.
    private let rowEnds: Set<Graph.ValueID>
    private let total: TangentSweep<Scalar>
    private let direct: TangentSweep<Scalar>
    /// Called after every unit passed.
    private let progress: () -> Void

    /// Of vectors that it is applied to, and of those that it gives.
    var input: Shape { start.shape }
    var output: Shape { end.shape }

    /// - Parameters:
    ///   - from: a row.
    ///   - to: a later one.
    init(forward: ForwardTrace<Scalar>, from: Int, to: Int, progress: @escaping () -> Void) {
        self.forward = forward
        start = State(forward.model, row: from)
        end = State(forward.model, row: to)
        let passed = forward.model.rows[from...to]
        rows = Set(passed.flatMap(\.values))
        rowEnds = Set(passed.dropLast().compactMap { $0.values.min() })
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
        var arrived: [Graph.ValueID: ScaledTensor<Scalar>] = [:]
        let sweep = ReverseSweep<PathTerms<Scalar>>(visiting: rows)
        let last = start.values.min() ?? 0
        try sweep.run(
            forward.evaluation, from: end.split(u).mapValues { PathTerms(ScaledTensor($0)) }, downTo: last
        ) { id, terms in
            if start.values.contains(id) { arrived[id] = terms.total }
            if rowEnds.contains(id) { progress() }
        }
        return start.join(arrived)
    }

    private func push(
        _ v: Tensor<Scalar>, _ sweep: TangentSweep<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        var arrived: [Graph.ValueID: ScaledTensor<Scalar>] = [:]
        let seeds = start.split(v).mapValues { PathTerms(ScaledTensor($0)) }
        _ = try sweep.run(from: seeds, to: end.values.max(), visiting: rows.subtracting(start.values)) {
            id, terms in
            // Sums bring what they add into range; shortcuts alone have none.
            terms.keepInRange()
            if end.values.contains(id) { arrived[id] = terms.total }
            if rowEnds.contains(id) || id == end.values.min() { progress() }
        }
        return end.join(arrived)
    }
}

extension JacobianOperator {
    /// The tensors of a row as one vector.
    private struct State {
        let values: [Graph.ValueID]
        private let shapes: [Shape]
        /// Of the vector: the tensor's, where there is one.
        let shape: Shape

        init(_ model: ResidualModel, row: Int) {
            values = model.rows[row].values
            shapes = model.shapes(of: model.rows[row])
            shape =
                shapes.count == 1 ? shapes[0] : Shape(axes: [shapes.reduce(0) { $0 + $1.count }])
        }

        func split(_ vector: Tensor<Scalar>) -> [Graph.ValueID: Tensor<Scalar>] {
            guard values.count > 1 else { return [values[0]: vector] }
            let elements = vector.elements
            var (parts, start) = ([Graph.ValueID: Tensor<Scalar>](), 0)
            for (value, shape) in zip(values, shapes) {
                parts[value] = Tensor(Array(elements[start..<start + shape.count]), shape: shape)
                start += shape.count
            }
            return parts
        }

        /// 0 where nothing arrived.
        func join(_ parts: [Graph.ValueID: ScaledTensor<Scalar>]) -> ScaledTensor<Scalar> {
            let tensors = zip(values, shapes).map { value, shape in
                parts[value] ?? ScaledTensor(Tensor(zeros: shape), factor: 0)
            }
            guard tensors.count > 1 else { return tensors[0] }
            let scale = tensors.filter { !$0.isScaledToZero }.map(\.exponent).max() ?? 0
            let elements = tensors.flatMap { part in
                Scalar.kernels.scale(part.tensor, by: part.coefficient(relativeTo: scale)).elements
            }
            return ScaledTensor(Tensor(elements, shape: shape), exponent: scale)
        }
    }
}
