import Kernels
import ResidualNetworks
import Tensors

/// Follows the path lengths beside a backward pass and writes down their distribution.
struct PathLengthMeasurement<Scalar: KernelScalar> {
    /// Rows and distributions from x_L downwards, as they come.
    private var descending: PathLengthSpectrum
    private var sweep: PathLengthSweep<Scalar>?
    /// The l whose whole distribution is reported.
    private let reported: Set<Int>

    init(greatestLength: Int, stages: StagePartition) {
        let units = stages.stageOfRow.count - 1
        // What is left out over the whole sweep, once a unit, stays below the rounding of a share; and no path is
        // longer than the network.
        descending = PathLengthSpectrum(
            greatestLength: min(greatestLength, max(units, 1)),
            smallestShare: Double(Scalar.ulpOfOne) / 2 / Double(max(units, 1)))
        reported = Set([0] + stages.summaries.map(\.firstUnit))
    }

    var spectrum: PathLengthSpectrum {
        var result = descending
        result.rows.reverse()
        result.distributions.reverse()
        return result
    }

    mutating func visit(_ step: BackwardStep<Scalar>) throws {
        if let derivatives = step.derivatives {
            try sweep?.pullBack(through: derivatives)
        } else {
            sweep = PathLengthSweep(
                startingAt: step.paths.total, greatestLength: descending.greatestLength,
                smallestShare: descending.smallestShare)
        }
        guard let sweep else { return }
        descending.rows.append(sweep.row(unit: step.row))
        guard reported.contains(step.row) else { return }
        descending.distributions += sweep.distribution(unit: step.row).reversed()
        descending.sumError = larger(
            descending.sumError, sweep.sumError(against: step.paths.total))
        descending.directError = larger(
            descending.directError, sweep.directError(against: step.paths.direct))
    }

    private func larger(_ a: Double?, _ b: Double?) -> Double? { [a, b].compactMap(\.self).max() }
}
