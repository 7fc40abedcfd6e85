import Graphs
import Kernels
import Tensors

/// g_l, d_l and w_l: of every tensor of x_l.
public struct RowPaths<Scalar: KernelScalar>: Sendable {
    public private(set) var parts: [PathTerms<Scalar>]
    public private(set) var norms: PathNorms

    @specialized(where Scalar == Float)
    init(_ parts: [PathTerms<Scalar>]) {
        var parts = parts
        let found = parts.indices.map { parts[$0].norms() }
        norms = found.count == 1 ? found[0] : PathNorms(of: found)
        self.parts = parts
    }

    public var total: [ScaledTensor<Scalar>] { parts.map(\.total) }
    public var direct: [ScaledTensor<Scalar>] { parts.map(\.direct) }
    public var throughWeights: [ScaledTensor<Scalar>] { parts.map(\.throughWeights) }

    mutating func stageNorms() -> (direct: LogNorm, throughWeights: LogNorm) {
        let found = parts.indices.map { parts[$0].stageNorms() }
        guard found.count != 1 else { return found[0] }
        return (LogNorm(of: found.map(\.direct)), LogNorm(of: found.map(\.throughWeights)))
    }
}

/// What a backward pass shows to measurements on its way: the decomposition at x_l.
public struct BackwardStep<Scalar: KernelScalar>: Sendable {
    /// l.
    public let row: Int
    /// g_l, d_l and w_l.
    public let paths: RowPaths<Scalar>
}

/// One backward pass: the norms of the decomposition at every x_l, from x_L down to x_0.
public struct BackwardTrace<Scalar: KernelScalar>: Sendable {
    public struct Row: Sendable {
        public var norms: PathNorms
        public var stageDirect: LogNorm
        public var stageThroughWeights: LogNorm
    }

    /// Indexed by l.
    public private(set) var rows: [Row]
    /// At y_l, by l, where it was asked for.
    public private(set) var sums: [Int: PathNorms] = [:]
    /// The decomposition at the l that were asked for.
    public private(set) var kept: [Int: RowPaths<Scalar>] = [:]

    /// Pulls ∂E/∂output back to x_0.
    ///
    /// - Parameters:
    ///   - keeping: the l whose d_l and g_l are kept for probes.
    ///   - measuringSums: whether the decomposition is measured at every y_l too.
    ///   - visit: called at every x_l, from x_L down to x_0.
    public init(
        _ forward: ForwardTrace<Scalar>, from cotangent: ScaledTensor<Scalar>, keeping: Set<Int> = [],
        measuringSums: Bool = false, progress: () -> Void = {},
        visit: (BackwardStep<Scalar>) throws -> Void = { _ in }
    ) throws {
        let model = forward.model
        var arrivedSums: [Int: [PathNorms]] = [:]
        let sumOf = measuringSums ? model.unitOfSum : [:]
        rows = []
        rows.reserveCapacity(model.rows.count)
        var arrived: [Graph.ValueID: PathTerms<Scalar>] = [:]
        let rowOf = model.rowOfValue
        let sweep = ReverseSweep<PathTerms<Scalar>>(
            cutting: model.units.flatMap(\.branchEdges), visiting: Set(rowOf.keys).union(sumOf.keys))
        let seeds = try model.seeds(forward.evaluation, from: cotangent)
        try sweep.run(forward.evaluation, from: seeds) { id, terms in
            if let l = sumOf[id] { arrivedSums[l, default: []].append(terms.norms()) }
            guard let l = rowOf[id] else { return }
            // The stage's recursions begin anew at its last x_e (the paper's footnote 1).
            if l + 1 < model.rows.count, model.rows[l].stage != model.rows[l + 1].stage { terms.beginStage() }
            arrived[id] = terms
            guard id == model.rows[l].values.min() else { return }
            var paths = RowPaths(model.rows[l].values.compactMap { arrived.removeValue(forKey: $0) })
            let stage = paths.stageNorms()
            rows.append(
                Row(norms: paths.norms, stageDirect: stage.direct, stageThroughWeights: stage.throughWeights))
            // What was measured is known further down.
            if paths.parts.count == 1 { terms = paths.parts[0] }
            if keeping.contains(l) { kept[l] = paths }
            try visit(BackwardStep(row: l, paths: paths))
            if l + 1 < model.rows.count { progress() }
        }
        rows.reverse()
        sums = arrivedSums.mapValues { $0.count == 1 ? $0[0] : PathNorms(of: $0) }
    }
}

extension ResidualModel {
    /// The unit whose y_l a value is, or a part of it.
    fileprivate var unitOfSum: [Graph.ValueID: Int] {
        Dictionary(
            units.enumerated().flatMap { l, unit in unit.results.map { ($0, l) } },
            uniquingKeysWith: { first, _ in first })
    }
}

extension PathNorms {
    /// Of a state of several tensors, from those of each.
    fileprivate init(of parts: [PathNorms]) {
        self.init(
            gradient: LogNorm(of: parts.map(\.gradient)), direct: LogNorm(of: parts.map(\.direct)),
            throughWeights: LogNorm(of: parts.map(\.throughWeights)))
        combineRelations(of: parts)
    }
}
