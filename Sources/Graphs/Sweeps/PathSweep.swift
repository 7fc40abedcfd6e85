import Kernels
import Operators
import Tensors

/// One reverse sweep over a graph that carries g, d and w, each with its exponent, from the output to every value asked for.
///
/// On an edge by which an operand of F enters its merge the three become (g, 0, g); everywhere else each is pulled back by
/// the operator's VJP. On a chain of units these are the recursions of Eqn. 5 and 8; taps, several streams and skips over
/// units need no rule of their own.
public struct PathSweep<Scalar: KernelScalar>: Sendable {
    /// ∂E of a value and its two parts; a part that is 0 has factor 0.
    public struct Gradient: Sendable {
        public let total: ScaledTensor<Scalar>
        public let direct: ScaledTensor<Scalar>
        public let throughWeights: ScaledTensor<Scalar>
    }

    private var found: [Graph.ValueID: PathCotangent<Scalar>] = [:]

    /// - Parameters:
    ///   - cotangent: ∂E/∂output.
    ///   - units: whose merges cut: those of one stack.
    ///   - values: at which the three are kept.
    public init(
        _ evaluation: GraphEvaluation<Scalar>, from cotangent: Tensor<Scalar>, units: [FoundUnit],
        at values: Set<Graph.ValueID>
    ) throws {
        let path = evaluation.path
        let cuts = Set(
            units.flatMap(\.streams).flatMap(\.branchLeaves).map { Edge(sum: $0.sum, slot: $0.slot) })
        var open = [PathCotangent<Scalar>?](repeating: nil, count: path.graph.nodes.count)
        open[path.graph.output] = PathCotangent(total: ScaledTensor(cotangent), split: .direct)
        for id in path.graph.nodes.indices.reversed() {
            guard let here = open[id] else { continue }
            open[id] = nil
            if values.contains(id) { found[id] = here }
            for (slot, operand) in path.signalOperands(of: id) {
                let entering = cuts.contains(Edge(sum: id, slot: slot)) ? here.intoBranch : here
                let pulled = try entering.pulled { try evaluation.vjp($0, through: id, to: slot) }
                open[operand] = open[operand].map { $0.plus(pulled) } ?? pulled
            }
        }
    }

    private struct Edge: Hashable {
        let sum: Graph.ValueID
        let slot: Int
    }

    /// The three at a value; `nil` where no derivative reaches it, or it was not asked for.
    public subscript(id: Graph.ValueID) -> Gradient? {
        found[id].map { here in
            let zero = here.total.scaled(by: 0)
            return Gradient(
                total: here.total, direct: here.direct ?? zero, throughWeights: here.throughWeights ?? zero)
        }
    }
}

/// The same walk in forward mode, an independent way to the same numbers: what a direction at some value becomes at the
/// output, in total and by shortcuts alone.
///
/// The direct tangent is 0 on the edges by which operands of F enter their merges; those edges are all that the two sweeps
/// share. ⟨g, v⟩ = ⟨∂E/∂out, total⟩ and ⟨d, v⟩ = ⟨∂E/∂out, direct⟩.
public struct PathTangent<Scalar: KernelScalar>: Sendable {
    public let total: ScaledTensor<Scalar>
    public let direct: ScaledTensor<Scalar>

    /// - Returns: `nil` where no derivative leads from the value to the output.
    public init?(
        _ evaluation: GraphEvaluation<Scalar>, of direction: Tensor<Scalar>, at start: Graph.ValueID,
        units: [FoundUnit]
    ) throws {
        let (path, output) = (evaluation.path, evaluation.path.graph.output)
        guard path.carries(start) else { return nil }
        let cuts = Set(units.flatMap(\.streams).flatMap(\.branchLeaves).map { [$0.sum, $0.slot] })
        var totals: [Graph.ValueID: ScaledTensor<Scalar>] = [start: ScaledTensor(direction)]
        var directs = totals
        for id in path.graph.nodes.indices.dropFirst(start + 1) {
            for (slot, operand) in path.signalOperands(of: id) {
                if let tangent = totals[operand] {
                    let pushed = try evaluation.jvp(tangent, through: id, from: slot)
                    totals[id] = totals[id].map { $0.adding(pushed).tensor } ?? pushed
                }
                if let tangent = directs[operand], !cuts.contains([id, slot]) {
                    let pushed = try evaluation.jvp(tangent, through: id, from: slot)
                    directs[id] = directs[id].map { $0.adding(pushed).tensor } ?? pushed
                }
            }
        }
        guard let total = totals[output] else { return nil }
        self.total = total
        direct = directs[output] ?? total.scaled(by: 0)
    }
}
