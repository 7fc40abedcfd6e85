import Analysis
import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks

/// How fast the terms of Eqn. 8 grow or shrink on their way down, in decades a unit.
struct DirectTermRate<Scalar: KernelScalar> {
    /// Of log10 ‖d_l‖ against the units travelled, restarted in each stage: the stage's slopes.
    let direct: [Double]
    /// Of log10 ‖g_l‖: the mean of the stages' slopes.
    let total: Double
    /// log10 of ‖w_0‖ / ‖d_0‖.
    let weightsOverDirect: Double

    init(lambda: Double, on bench: TestBench<Scalar>) throws {
        let design = NetworkDesign.images(unitsPerStage: 8, shortcut: ScalingShortcut(lambda: lambda))
        let stack = try bench.stack(design, batch: 4)
        let rows = stack.backward.rows
        func slope(
            of values: ArraySlice<BackwardTrace<Scalar>.Row>, _ log: (BackwardTrace<Scalar>.Row) -> Double?
        )
            throws -> Double
        {
            let logs = values.compactMap(log)
            guard logs.count == values.count else {
                throw ClaimError.nothingMeasured(network: design.summary)
            }
            return -(try LinearFit(x: logs.indices.map(Double.init), y: logs).slope)
        }
        let stages = StagePartition(shapes: stack.forward.rows.map(\.shape)).summaries
        direct = try stages.map { stage in
            try slope(of: rows[stage.firstUnit...stage.lastUnit], \.stageDirectLog10)
        }
        total =
            try stages.reduce(0) { sum, stage in
                try sum + slope(of: rows[stage.firstUnit...stage.lastUnit], \.norms.gradientLog10)
            } / Double(stages.count)
        guard let bottom = rows.first?.norms, let weights = bottom.throughWeightsLog10,
            let direct = bottom.directLog10
        else { throw ClaimError.nothingMeasured(network: design.summary) }
        weightsOverDirect = weights - direct
    }

    /// The stages' slope farthest from log10 λ, which it must be.
    func measurement(of lambda: Double, on bench: TestBench<Scalar>) -> ClaimMeasurement {
        let expected = log10(lambda)
        let farthest = direct.max { abs($0 - expected) < abs($1 - expected) } ?? .nan
        return ClaimMeasurement(
            "decades a unit of the direct term, λ = \(plain(lambda)), worst stage", farthest,
            .near(expected, within: 64 * bench.epsilon),
            because: "log10 λ, but for roundings in \(bench.precision): h is λ times one within a stage")
    }
}
