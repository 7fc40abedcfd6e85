import Analysis
import Foundation
import Kernels
import ResidualNetworks

/// The terms of Eqn. 8 in a network of 24 units whose shortcuts are all λx.
struct DirectTermRate<Scalar: KernelScalar> {
    let lambda: Double
    /// Of ‖d_l‖, restarted in each stage.
    private let direct: StageSlopes
    /// Decades a unit of ‖g_l‖: the mean of the stages' slopes.
    let total: Double
    /// log10 of ‖w_0‖ / ‖d_0‖.
    let weightsOverDirect: Double

    init(lambda: Double, on bench: TestBench<Scalar>) throws {
        self.lambda = lambda
        let design = NetworkDesign.images(unitsPerStage: 8, shortcut: ScalingShortcut(lambda: lambda))
        let stack = try bench.stack(design, batch: 4)
        direct = try StageSlopes(of: \.stageDirect.value, in: stack)
        total = try StageSlopes(of: \.norms.gradient.value, in: stack).mean
        guard let bottom = stack.backward.rows.first?.norms, let weights = bottom.throughWeights.value,
            let direct = bottom.direct.value
        else { throw ClaimError.nothingMeasured(network: design.summary) }
        weightsOverDirect = weights - direct
    }

    /// The slope of the direct term, which must be log10 λ.
    func measurement(on bench: TestBench<Scalar>) -> ClaimMeasurement {
        let expected = log10(lambda)
        return ClaimMeasurement(
            "decades a unit of the direct term, λ = \(plain(lambda)), worst stage",
            direct.farthest(from: expected), .near(expected, within: 64 * bench.epsilon),
            because: "log10 λ, but for roundings in \(bench.precision): h is λ times one within a stage")
    }
}
