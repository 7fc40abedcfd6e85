import Analysis
import Kernels
import NumericalMethods

/// How fast a cotangent's norm changes on its way down, in decades a unit, fitted in each stage by itself: between
/// stages the change of size and width would count too.
struct StageSlopes {
    /// One a stage; negative where the norm shrinks.
    let values: [Double]

    /// - Parameter log10Norm: what is fitted.
    /// - Throws: `ClaimError.nothingMeasured` where a norm is exactly 0.
    init<Scalar: KernelScalar>(
        of log10Norm: (BackwardTrace<Scalar>.Row) -> Double?, in stack: MeasuredStack<Scalar>
    ) throws {
        let stages = StagePartition(shapes: stack.forward.rows.map(\.shape)).summaries
        values = try stages.map { stage in
            let rows = stack.backward.rows[stage.firstUnit...stage.lastUnit]
            let logs = rows.compactMap(log10Norm)
            guard logs.count == rows.count else {
                throw ClaimError.nothingMeasured(network: stack.network.design?.summary ?? "a network")
            }
            return -(try LinearFit(x: logs.indices.map(Double.init), y: logs).slope)
        }
    }

    var mean: Double { values.reduce(0, +) / Double(values.count) }

    /// The one farthest from an expected slope.
    func farthest(from expected: Double) -> Double {
        values.max { abs($0 - expected) < abs($1 - expected) } ?? .nan
    }
}
