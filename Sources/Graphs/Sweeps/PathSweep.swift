import Kernels
import Operators
import Tensors

/// One reverse sweep over a graph that carries g, d and w, each with its exponent, from the output to every value asked for.
///
/// On a chain of units these are the recursions of Eqn. 5 and 8; taps, several streams and skips over units need no rule of
/// their own.
public struct PathSweep<Scalar: KernelScalar>: Sendable {
    private var found: [Graph.ValueID: PathTerms<Scalar>] = [:]

    /// - Parameters:
    ///   - evaluation: whose plan has derivatives to the values.
    ///   - cotangent: ∂E/∂output.
    ///   - edges: by which F enters the merges of one stack.
    ///   - values: at which the three are kept.
    public init(
        _ evaluation: GraphEvaluation<Scalar>, from cotangent: ScaledTensor<Scalar>,
        cutting edges: [Merge.Leaf], at values: Set<Graph.ValueID>
    ) throws {
        let sweep = ReverseSweep<PathTerms<Scalar>>(cutting: edges, visiting: values)
        try sweep.run(evaluation, from: [evaluation.plan.graph.output: PathTerms(cotangent)]) {
            found[$0] = $1
        }
    }

    /// The three at a value; `nil` where no derivative reaches it, or it was not asked for.
    public subscript(id: Graph.ValueID) -> PathTerms<Scalar>? { found[id] }
}

/// The same walk in forward mode, an independent way to the same numbers: what a direction at some value becomes at the
/// output, in total and by shortcuts alone. ⟨g, v⟩ = ⟨∂E/∂out, total⟩ and ⟨d, v⟩ = ⟨∂E/∂out, direct⟩.
public struct PathTangent<Scalar: KernelScalar>: Sendable {
    public let total: ScaledTensor<Scalar>
    public let direct: ScaledTensor<Scalar>

    /// - Returns: `nil` where no derivative leads from the value to the output.
    public init?(
        _ evaluation: GraphEvaluation<Scalar>, of direction: Tensor<Scalar>, at start: Graph.ValueID,
        cutting edges: [Merge.Leaf]
    ) throws {
        let arriving = try TangentSweep(evaluation, cutting: edges).run(
            from: [start: PathTerms(ScaledTensor(direction))])
        guard let arriving else { return nil }
        (total, direct) = (arriving.total, arriving.direct)
    }
}

extension ResidualModel {
    /// Where the sweep of the decomposition starts: at the output; of a nested stack at its end x_e, with g_e of the whole
    /// network, as the loss is E′ = ⟨g_e, x_e⟩ then.
    ///
    /// - Parameter cotangent: ∂E/∂output.
    package func seeds<Scalar: KernelScalar>(
        _ evaluation: GraphEvaluation<Scalar>, from cotangent: ScaledTensor<Scalar>
    ) throws -> [Graph.ValueID: PathTerms<Scalar>] {
        let seeds = [path.graph.output: PathTerms(cotangent)]
        guard isNested, let end = rows.last?.values else { return seeds }
        var held: [Graph.ValueID: PathTerms<Scalar>] = [:]
        try ReverseSweep<PathTerms<Scalar>>(visiting: Set(end)).run(
            evaluation, from: seeds, downTo: end.min() ?? 0
        ) { held[$0] = PathTerms($1.total) }
        return held
    }
}
