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
        let seed = PathLengths(startingAt: cotangent, greatestLength: spectrum.greatestLength)
        try sweep.run(forward.evaluation, from: [model.path.graph.output: seed]) { id, lengths in
            guard let l = rowOf[id], id == model.rows[l].values[0] else { return }
            lengths.leaveOut(below: spectrum.smallestShare)
            spectrum.rows.append(lengths.row(unit: l))
            if l < units { progress() }
            guard reported.contains(l) else { return }
            spectrum.distributions += lengths.distribution(unit: l).reversed()
            guard let paths = kept[l] else { return }
            spectrum.sumError = larger(spectrum.sumError, lengths.sumError(against: paths.total[0]))
            spectrum.directError = larger(spectrum.directError, lengths.directError(against: paths.direct[0]))
        }
        spectrum.rows.reverse()
        spectrum.distributions.reverse()
        return spectrum
    }

    /// The l whose whole distribution is reported.
    static func reported(in stages: StagePartition) -> Set<Int> {
        Set([0] + stages.summaries.map(\.firstUnit))
    }

    private func larger(_ a: Double?, _ b: Double?) -> Double? { [a, b].compactMap(\.self).max() }
}
