import Kernels
import ResidualNetworks
import Tensors

/// What a backward pass shows to measurements on its way: the decomposition at x_l.
public struct BackwardStep<Scalar: KernelScalar>: Sendable {
    /// l.
    public let row: Int
    /// g_l, d_l and w_l.
    public let paths: PathDecomposition<Scalar>
    /// H_l, J_l and D_l, which led from x_{l+1} to here; `nil` at x_L.
    public let derivatives: UnitDerivatives<Scalar>?
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
    /// The decomposition at the l that were asked for.
    public private(set) var kept: [Int: PathDecomposition<Scalar>] = [:]

    /// Pulls g_L back through the units of a forward trace.
    ///
    /// - Parameters:
    ///   - stages: the stage of every x_l, l = 0 … L.
    ///   - keeping: the l whose d_l and g_l are kept for probes.
    ///   - visit: called at every x_l, from x_L down to x_0.
    public init(
        _ forward: ForwardTrace<Scalar>, from topCotangent: ScaledTensor<Scalar>, stages: [Int],
        keeping: Set<Int> = [], progress: () -> Void = {},
        visit: (BackwardStep<Scalar>) throws -> Void = { _ in }
    ) throws {
        let last = forward.unitCount
        var paths = PathDecomposition(startingAt: topCotangent)
        // Within the last stage both recursions are the same.
        var stage: StageDecomposition<Scalar>?
        rows = []
        rows.reserveCapacity(last + 1)
        append(paths, stage)
        if keeping.contains(last) { kept[last] = paths }
        try visit(BackwardStep(row: last, paths: paths, derivatives: nil))
        for index in stride(from: last - 1, through: 0, by: -1) {
            let derivatives = try forward.derivatives(of: index)
            let branch = try paths.pullBack(through: derivatives)
            if stages[index] != stages[index + 1] {
                stage = StageDecomposition(startingAt: paths.total)
            } else {
                try stage?.pullBack(through: derivatives, branch: branch)
            }
            append(paths, stage)
            if keeping.contains(index) { kept[index] = paths }
            try visit(BackwardStep(row: index, paths: paths, derivatives: derivatives))
            progress()
        }
        rows.reverse()
    }

    private mutating func append(_ paths: PathDecomposition<Scalar>, _ stage: StageDecomposition<Scalar>?) {
        rows.append(
            Row(
                norms: paths.norms, stageDirect: stage?.directNorm ?? paths.norms.direct,
                stageThroughWeights: stage?.throughWeightsNorm ?? paths.norms.throughWeights))
    }
}
