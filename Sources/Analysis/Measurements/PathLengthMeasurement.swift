import Foundation
import Graphs
import Kernels
import Tensors

/// Follows the path lengths down a backward pass of their own and writes down their distribution.
struct PathLengthMeasurement {
    let greatestLength: Int
    let stages: StagePartition

    /// - Parameter kept: the decomposition at rows, against which the sums over all lengths are held.
    func measure<Scalar: KernelScalar>(
        _ forward: ForwardTrace<Scalar>, from cotangent: ScaledTensor<Scalar>,
        against kept: [Int: RowPaths<Scalar>], progress: () -> Void
    ) throws -> PathLengthSpectrum {
        let model = forward.model
        let units = model.units.count
        // What is left out over the whole sweep, once a unit, stays below the rounding of a share; and no path is
        // longer than the network.
        var spectrum = PathLengthSpectrum(
            greatestLength: min(greatestLength, max(units, 1)),
            smallestShare: Double(Scalar.ulpOfOne) / 2 / Double(max(units, 1)))
        let reported = Self.reported(in: stages)
        let rowOf = model.rowOfValue
        let sweep = ReverseSweep<PathLengths<Scalar>>(
            cutting: model.units.flatMap(\.branchEdges), visiting: Set(rowOf.keys))
        let greatest = spectrum.greatestLength
        let seeds = try model.seeds(forward.evaluation, from: cotangent).mapValues {
            PathLengths(startingAt: $0.total, greatestLength: greatest)
        }
        var arrived: [Graph.ValueID: PathLengths<Scalar>] = [:]
        try sweep.run(forward.evaluation, from: seeds) { id, lengths in
            guard let l = rowOf[id] else { return }
            lengths.leaveOut(below: spectrum.smallestShare)
            let values = model.rows[l].values
            if values.count > 1 { arrived[id] = lengths }
            guard id == values.min() else { return }
            let parts = values.count == 1 ? [lengths] : values.compactMap { arrived.removeValue(forKey: $0) }
            let norms = parts.count == 1 ? lengths.sizes() : PathLengthNorms(of: parts.map { $0.sizes() })
            spectrum.rows.append(norms.row(unit: l))
            if l < units { progress() }
            guard reported.contains(l) else { return }
            spectrum.distributions += norms.distribution(unit: l).reversed()
            guard let paths = kept[l], paths.parts.count == parts.count else { return }
            let sums = zip(parts, paths.total).map { $0.sumDifference(from: $1) }
            spectrum.sumError = larger(spectrum.sumError, relative(sums, to: paths.norms.gradient))
            let direct = zip(parts, paths.direct).compactMap { $0.directDifference(from: $1) }
            if direct.count == parts.count {
                spectrum.directError = larger(
                    spectrum.directError, relative(direct, to: paths.norms.direct))
            }
        }
        spectrum.rows.reverse()
        spectrum.distributions.reverse()
        return spectrum
    }

    /// The l whose whole distribution is reported.
    static func reported(in stages: StagePartition) -> Set<Int> {
        Set([0] + stages.summaries.map(\.firstUnit))
    }

    /// ‖difference‖ over the size of what it is of; `nil` where that is 0.
    private func relative(_ differences: [LogNorm], to whole: LogNorm) -> Double? {
        guard let size = whole.value else { return nil }
        switch LogNorm(of: differences) {
        case .log10(let left): return pow(10, left - size)
        case .zero, .notMeasured: return 0
        case .notFinite: return .infinity
        }
    }

    private func larger(_ a: Double?, _ b: Double?) -> Double? { [a, b].compactMap(\.self).max() }
}
