import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// The proof of the decomposition by forward-mode tangents, a code path of its own.
///
/// One push proves all start points. Along it three numbers stay what they are (see `PathTangents`); each is compared
/// where a decomposition was kept:
///
///     ⟨g_l, t_l⟩ = ⟨g_L, t_L⟩                                  t from the first start point
///     ⟨d_l, v⟩ = ⟨d_m, s_m⟩                                    s and u from each start point l to the next, m;
///     ⟨w_l, t_l⟩ = ⟨w_m, t_m⟩ + ⟨d_m, u_m⟩                     at x_L, d_L = g_L and w_L = 0
///
/// How far an inner product cancels on its way is its condition number. v is a random direction plus that of d_l, so that
/// ⟨d_l, v⟩ does not cancel at x_l.
public struct ProbeSweep<Scalar: KernelScalar> {
    private let forward: ForwardTrace<Scalar>
    private let backward: BackwardTrace<Scalar>
    private let top: PathDecomposition<Scalar>
    private let seed: UInt64

    public init(
        forward: ForwardTrace<Scalar>, backward: BackwardTrace<Scalar>, topCotangent: ScaledTensor<Scalar>,
        seed: UInt64
    ) {
        self.forward = forward
        self.backward = backward
        top = PathDecomposition(startingAt: topCotangent)
        self.seed = seed
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
        guard let (first, paths) = kept.first else { return Findings(probes: [], tangentNorms: []) }
        let noise = noise(at: first, like: paths)
        var tangents = PathTangents(
            total: alongGradient ? sum(noise, paths.total) : noise, direct: sum(noise, paths.direct))
        var segment = Segment(paths, tangents, at: first)
        var segments: [Segment] = []
        var norms = [tangents.total.norm]
        let next = Dictionary(uniqueKeysWithValues: kept.dropFirst())
        for index in first..<forward.unitCount {
            try tangents.pushForward(through: forward.derivatives(of: index))
            norms.append(tangents.total.norm)
            segment.pass(backward.rows[index + 1].norms, tangents)
            let end = index + 1 == forward.unitCount ? top : next[index + 1]
            if let end {
                segment.close(end, tangents)
                segments.append(segment)
                if index + 1 < forward.unitCount {
                    tangents.restart(direct: sum(self.noise(at: index + 1, like: end), end.direct))
                    segment = Segment(end, tangents, at: index + 1)
                }
            }
            progress()
        }
        return Findings(probes: measurements(of: segments), tangentNorms: norms)
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

    /// g_l, with a random direction plus its own, for a difference of the loss; `nil` where g_l has no size.
    func direction(at l: Int) -> (v: Tensor<Scalar>, gradient: PathDecomposition<Scalar>)? {
        guard let paths = backward.kept[l], paths.norms.gradient.value != nil else { return nil }
        return (sum(noise(at: l, like: paths), paths.total), paths)
    }

    private func noise(at l: Int, like paths: PathDecomposition<Scalar>) -> Tensor<Scalar> {
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

        init(_ paths: PathDecomposition<Scalar>, _ tangents: PathTangents<Scalar>, at unit: Int) {
            self.unit = unit
            total.below = paths.total.inner(tangents.total.scaled)
            direct.below = paths.direct.inner(tangents.direct.scaled)
            throughWeights.below = paths.throughWeights.inner(tangents.total.scaled)
            pass(paths.norms, tangents)
        }

        mutating func pass(_ norms: PathNorms, _ tangents: PathTangents<Scalar>) {
            total.pass(norms.gradient, tangents.total.norm)
            direct.pass(norms.direct, tangents.direct.norm)
            throughWeights.pass(norms.throughWeights, tangents.total.norm)
            throughWeights.pass(norms.direct, tangents.throughWeights.norm)
        }

        mutating func close(_ paths: PathDecomposition<Scalar>, _ tangents: PathTangents<Scalar>) {
            total.above = paths.total.inner(tangents.total.scaled)
            direct.above = paths.direct.inner(tangents.direct.scaled)
            throughWeights.above =
                paths.throughWeights.inner(tangents.total.scaled)
                + paths.direct.inner(tangents.throughWeights.scaled)
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
