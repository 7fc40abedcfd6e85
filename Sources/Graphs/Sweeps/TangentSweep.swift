import Kernels
import Operators
import Tensors

/// The decomposition in forward mode, a code path of its own: what directions at some values become on their way up.
///
///     total            t: pushed forward by everything
///     direct           s: 0 on the edges by which operands of F enter their merges
///     through weights  u: what some branch was passed by; there it becomes t
///
/// It is the transpose of the reverse sweep; the cut edges are all that the two share. Along a chain of rows these numbers
/// stay what they are:
///
///     ⟨g_l, t_l⟩,      ⟨d_l, s_l⟩,      ⟨w_l, t_l⟩ + ⟨d_l, u_l⟩
public struct TangentSweep<Scalar: KernelScalar>: Sendable {
    /// What is pushed forward.
    public enum Following: Sendable { case all, directAlone }

    private let evaluation: GraphEvaluation<Scalar>
    private let following: Following
    private let cuts: Set<GraphEdge>
    /// By value: whether a way leads from it to the output that no branch is on.
    private let reachesDirectly: [Bool]
    private let lastUse: [Graph.ValueID]

    /// - Parameter edges: by which F enters merges; none for the total derivative alone.
    public init(
        _ evaluation: GraphEvaluation<Scalar>, cutting edges: some Sequence<Merge.Leaf> = [],
        following: Following = .all
    ) {
        self.evaluation = evaluation
        self.following = following
        let cuts = Set(edges.map { GraphEdge(node: $0.sum, slot: $0.slot) })
        let path = evaluation.plan.derivatives
        var reaches = [Bool](repeating: false, count: path.graph.nodes.count)
        var lastUse = Array(path.graph.nodes.indices)
        reaches[path.graph.output] = true
        for id in path.graph.nodes.indices.reversed() {
            for edge in path.operands(of: id) {
                if reaches[id], !cuts.contains(GraphEdge(node: id, slot: edge.slot)) {
                    reaches[edge.value] = true
                }
                lastUse[edge.value] = max(lastUse[edge.value], id)
            }
        }
        self.cuts = cuts
        self.lastUse = lastUse
        reachesDirectly = reaches
    }

    /// Walks up.
    ///
    /// - Parameters:
    ///   - seeds: by value.
    ///   - end: the last value; the output where it is `nil`.
    ///   - visit: called at each visited value, when all of its tangent is there; it may change it.
    /// - Returns: what arrives at the end; `nil` where nothing does.
    @specialized(where Scalar == Float)
    package func run(
        from seeds: [Graph.ValueID: PathTerms<Scalar>], to end: Graph.ValueID? = nil,
        visiting values: Set<Graph.ValueID> = [],
        visit: (Graph.ValueID, inout PathTerms<Scalar>) throws -> Void = { _, _ in }
    ) throws -> PathTerms<Scalar>? {
        let path = evaluation.plan.derivatives
        let end = end ?? path.graph.output
        guard let start = seeds.keys.min(), start <= end else { return nil }
        var open = [Graph.ValueID: PathTerms<Scalar>](minimumCapacity: 8)
        var ending: [Graph.ValueID: [Graph.ValueID]] = [:]
        var recomputed: [Graph.ValueID: Value<Scalar>] = [:]
        for id in start...end {
            var here = seeds[id]
            for edge in path.operands(of: id) {
                guard var tangent = open[edge.value] else { continue }
                let isCut = cuts.contains(GraphEdge(node: id, slot: edge.slot))
                if following == .directAlone, isCut || !reachesDirectly[id] { continue }
                if !isCut, !reachesDirectly[id] { tangent.forgetDirect() }
                let pushed = try evaluation.differentiate(id, recomputing: &recomputed) { operation, point in
                    try tangent.pushed(by: operation, from: edge.slot, isCut: isCut, at: point)
                }
                here = if let sum = here.take() { sum.plus(pushed) } else { pushed }
            }
            for gone in ending.removeValue(forKey: id) ?? [] { open[gone] = nil }
            // While what it is recomputed from is there.
            if evaluation.plan.recomputed.contains(id) {
                _ = try evaluation.value(id, recomputing: &recomputed)
            }
            if !recomputed.isEmpty {
                recomputed = recomputed.filter { evaluation.plan.lastNeed[$0.key] > id }
            }
            guard var tangent = here else { continue }
            if values.contains(id) { try visit(id, &tangent) }
            if id == end { return tangent }
            open[id] = tangent
            ending[lastUse[id], default: []].append(id)
        }
        return nil
    }
}
