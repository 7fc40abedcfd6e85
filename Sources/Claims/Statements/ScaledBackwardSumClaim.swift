import Kernels
import ResidualNetworks

/// Eqn. 8.
public struct ScaledBackwardSumClaim: Claim {
    public init() {}
    public let name = "eqn8"
    public let statement =
        "With h = λ_l x, ∂E/∂x_l is (∏ λ_i) ∂E/∂x_L plus a term that passed through weights."
    public let place = "Section 3, Eqn. 8"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        // Sizes within a factor of 3 of one: the loss can still be seen to change.
        let scaling = PerUnitScaling(seed: bench.seed, decades: 0.5)
        let sum = try BackwardSum(
            .images(unitsPerStage: 4, shortcut: scaling), batch: 4, on: bench, lambda: scaling.lambda)
        return finding(sum.measurements(directName: "(∏λ) g_L", on: bench))
    }
}
