import Foundation
import Graphs
import Kernels
import NumericalMethods
import Tensors

/// The proof of the decomposition by forward-mode tangents, a code path of its own.
///
/// Where the rows form a chain, one push proves all start points. Along it three numbers stay what they are (see
/// `TangentSweep`); each is compared where a decomposition was kept:
///
///     ⟨g_l, t_l⟩ = ⟨g_L, t_L⟩                                  t from the first start point
///     ⟨d_l, v⟩ = ⟨d_m, s_m⟩                                    s and u from each start point l to the next, m;
///     ⟨w_l, t_l⟩ = ⟨w_m, t_m⟩ + ⟨d_m, u_m⟩                     at x_L, d_L = g_L and w_L = 0
///
/// Where something leads past rows (taps, long skips, several streams), each start point has a push of its own, to the
/// output. How far an inner product cancels on its way is its condition number. v is a random direction plus that of d_l, so
/// that ⟨d_l, v⟩ does not cancel at x_l.
public struct ProbeSweep<Scalar: KernelScalar> {
    private let forward: ForwardTrace<Scalar>
    private let backward: BackwardTrace<Scalar>
    private let cotangent: ScaledTensor<Scalar>
    private let seed: UInt64
    private let sweep: TangentSweep<Scalar>
    private let isChain: Bool

    /// - Parameters:
    ///   - backward: which kept the rows that probes start from, and x_L.
    ///   - cotangent: ∂E/∂output.
    public init(
        forward: ForwardTrace<Scalar>, backward: BackwardTrace<Scalar>, outputCotangent: ScaledTensor<Scalar>,
        seed: UInt64
    ) {
        self.forward = forward
        self.backward = backward
        cotangent = outputCotangent
        self.seed = seed
        sweep = TangentSweep(forward.evaluation, cutting: forward.model.units.flatMap(\.branchEdges))
        isChain = forward.model.isChain(in: forward.evaluation.plan.derivatives)
    }

    /// What one push told.
    public struct Findings: Sendable {
        public let probes: [ProbeMeasurement]
        /// log10 ‖t_l‖ for every l from the first start point on.
        public let tangentNorms: [LogNorm]
    }

    /// The probes of x_l at `starts`, ascending, for which decompositions were kept.
    ///
    /// - Parameter alongGradient: whether t has a component along the gradient at the first start point, so that
    ///   ⟨g_l, t_l⟩ does not cancel there; otherwise it is noise alone.
    public func push(
        from starts: [Int], alongGradient: Bool = false, progress: () -> Void = {}
    ) throws -> Findings {
        let kept = starts.compactMap { l in backward.kept[l].map { (l, $0) } }
        guard isChain else { return try pushEach(kept, alongGradient: alongGradient, progress: progress) }
        return try pushTogether(kept, alongGradient: alongGradient, progress: progress)
    }

    private func pushTogether(
        _ kept: [(Int, RowPaths<Scalar>)], alongGradient: Bool, progress: () -> Void
    ) throws -> Findings {
        let last = forward.unitCount
        guard let (first, paths) = kept.first, let top = backward.kept[last] else {
            return Findings(probes: [], tangentNorms: [])
        }
        let rows = forward.model.rows.map { $0.values[0] }
        let rowOf = forward.model.rowOfValue
        let next = Dictionary(uniqueKeysWithValues: kept.dropFirst())
        var (segments, segment, norms) = ([Segment](), Segment?.none, [LogNorm]())
        _ = try sweep.run(
            from: [rows[first]: start(at: first, paths.parts[0], alongGradient: alongGradient)],
            to: rows[last], visiting: Set(rows[first...])
        ) { id, tangent in
            guard let l = rowOf[id] else { return }
            let measured = tangent.norms()
            norms.append(measured.gradient)
            if segment == nil { segment = Segment([paths.parts[0]], [tangent], at: first) }
            segment?.pass(backward.rows[l].norms, measured)
            guard l > first else { return }
            defer { progress() }
            guard let end = l == last ? top : next[l] else { return }
            segment?.close(end.parts, [tangent])
            if let closed = segment { segments.append(closed) }
            guard l < last else { return }
            tangent.restart(direct: ScaledTensor(sum(noise(at: l, like: end.parts[0]), end.direct[0])))
            segment = Segment(end.parts, [tangent], at: l)
            segment?.pass(backward.rows[l].norms, tangent.norms())
        }
        return Findings(probes: measurements(of: segments), tangentNorms: norms)
    }

    private func pushEach(
        _ kept: [(Int, RowPaths<Scalar>)], alongGradient: Bool, progress: () -> Void
    ) throws -> Findings {
        let output = PathTerms(cotangent)
        let probes = try kept.compactMap { l, paths -> ProbeMeasurement? in
            let tangents = paths.parts.map { start(at: l, $0, alongGradient: alongGradient) }
            var segment = Segment(paths.parts, tangents, at: l)
            let seeds = Dictionary(uniqueKeysWithValues: zip(forward.model.rows[l].values, tangents))
            guard let arrived = try sweep.run(from: seeds) else { return nil }
            segment.close([output], [arrived])
            progress()
            return measurements(of: [segment]).first
        }
        return Findings(probes: probes, tangentNorms: [])
    }

    private func start(
        at l: Int, _ paths: PathTerms<Scalar>, alongGradient: Bool
    ) -> PathTerms<Scalar> {
        let noise = noise(at: l, like: paths)
        return PathTerms(
            total: ScaledTensor(alongGradient ? sum(noise, paths.total) : noise),
            direct: ScaledTensor(sum(noise, paths.direct)))
    }

    /// ⟨g_l, t_l⟩ is held against ⟨g_L, t_L⟩; what counts for its condition is all of the way from x_l to x_L.
    private func measurements(of segments: [Segment]) -> [ProbeMeasurement] {
        guard let last = segments.last else { return [] }
        var probes: [ProbeMeasurement] = []
        var largest: Double?
        for segment in segments.reversed() {
            largest = [largest, segment.total.largestTerm].compactMap(\.self).max()
            var probe = ProbeMeasurement(unit: segment.unit)
            (probe.probeErrorTotal, probe.probeConditionTotal) =
                Pairing(
                    below: segment.total.below, above: last.total.above, largestTerm: largest
                ).verdict
            (probe.probeErrorDirect, probe.probeConditionDirect) = segment.direct.verdict
            (probe.probeErrorThroughWeights, probe.probeConditionThroughWeights) =
                segment.throughWeights.verdict
            probes.append(probe)
        }
        return probes.reversed()
    }

    /// g_l, with a random direction plus its own, for a difference of the loss; `nil` where g_l has no size, and of states of
    /// several tensors.
    func direction(at l: Int) -> (v: Tensor<Scalar>, gradient: ScaledTensor<Scalar>, log10: Double)? {
        guard let paths = backward.kept[l], paths.parts.count == 1, let norm = paths.norms.gradient.value
        else {
            return nil
        }
        return (sum(noise(at: l, like: paths.parts[0]), paths.total[0]), paths.total[0], norm)
    }

    private func noise(at l: Int, like paths: PathTerms<Scalar>) -> Tensor<Scalar> {
        paths.total.tensor.randomDirection(seed: seed, name: "probe.\(l)")
    }

    /// A vector plus the direction of another; the vector alone where the other has no size.
    private func sum(_ v: Tensor<Scalar>, _ other: ScaledTensor<Scalar>) -> Tensor<Scalar> {
        var other = other
        let squares = other.keepInRange(squaredNorm: Scalar.kernels.sumOfSquares(other.tensor)).squaredNorm
        guard squares > 0, squares.isFinite else { return v }
        return Scalar.kernels.combine(v, 1, other.tensor, 1 / squares.squareRoot())
    }
}

extension ProbeSweep {
    /// Two sides that ought to be equal, with log10 of the largest product of norms on the way from one to the other.
    private struct Pairing {
        var below = ScaledNumber(0, exponent: 0)
        var above = ScaledNumber(0, exponent: 0)
        var largestTerm: Double?

        mutating func pass(_ cotangent: LogNorm, _ tangent: LogNorm) {
            guard let cotangent = cotangent.value, let tangent = tangent.value else { return }
            largestTerm = max(largestTerm ?? -.infinity, cotangent + tangent)
        }

        /// The error relative to the larger side, and the largest term relative to it.
        var verdict: (error: Double?, condition: Double?) {
            let error = relativeDifference(below, above)
            guard let largestTerm, let larger = [below, above].compactMap(\.log10Magnitude).max() else {
                return (error, nil)
            }
            return (error, pow(10, largestTerm - larger))
        }
    }

    /// The way from one start point to the next.
    private struct Segment {
        let unit: Int
        var total = Pairing()
        var direct = Pairing()
        var throughWeights = Pairing()

        init(_ paths: [PathTerms<Scalar>], _ tangents: [PathTerms<Scalar>], at unit: Int) {
            self.unit = unit
            total.below = Self.inner(paths.map(\.total), tangents.map(\.total))
            direct.below = Self.inner(paths.map(\.direct), tangents.map(\.direct))
            throughWeights.below = Self.inner(paths.map(\.throughWeights), tangents.map(\.total))
        }

        /// At a row that it passes, its ends among them.
        mutating func pass(_ norms: PathNorms, _ tangents: PathNorms) {
            total.pass(norms.gradient, tangents.gradient)
            direct.pass(norms.direct, tangents.direct)
            throughWeights.pass(norms.throughWeights, tangents.gradient)
            throughWeights.pass(norms.direct, tangents.throughWeights)
        }

        mutating func close(_ paths: [PathTerms<Scalar>], _ tangents: [PathTerms<Scalar>]) {
            total.above = Self.inner(paths.map(\.total), tangents.map(\.total))
            direct.above = Self.inner(paths.map(\.direct), tangents.map(\.direct))
            throughWeights.above =
                Self.inner(paths.map(\.throughWeights), tangents.map(\.total))
                + Self.inner(paths.map(\.direct), tangents.map(\.throughWeights))
        }

        private static func inner(
            _ cotangents: [ScaledTensor<Scalar>], _ tangents: [ScaledTensor<Scalar>]
        ) -> ScaledNumber {
            zip(cotangents, tangents).reduce(ScaledNumber(0, exponent: 0)) { $0 + $1.0.inner($1.1) }
        }
    }
}

extension ScaledTensor where Scalar: KernelScalar {
    /// The inner product with a tensor, whatever the scale.
    func inner(with other: Tensor<Scalar>) -> ScaledNumber { inner(ScaledTensor(other)) }

    fileprivate func inner(_ other: ScaledTensor<Scalar>) -> ScaledNumber {
        guard !isScaledToZero, !other.isScaledToZero else { return ScaledNumber(0, exponent: 0) }
        return ScaledNumber(
            Scalar.kernels.dot(tensor, other.tensor) * factor * other.factor,
            exponent: exponent + other.exponent)
    }
}

extension Tensor where Scalar: KernelScalar {
    /// A random direction of about unit norm in the space of this tensor.
    func randomDirection(seed: UInt64, name: String) -> Tensor {
        var stream = RandomStream(seed: seed, name: name)
        var noise = Tensor(uninitialized: shape)
        noise.withUnsafeMutableBufferPointer {
            stream.fillNormals($0, standardDeviation: 1 / Double(shape.count).squareRoot())
        }
        return noise
    }
}
