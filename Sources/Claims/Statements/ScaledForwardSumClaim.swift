import Kernels
import ResidualNetworks

/// Eqn. 7.
public struct ScaledForwardSumClaim: Claim {
    public init() {}
    public let name = "eqn7"
    public let statement =
        "With h = λ_l x, x_l reaches x_L times the product of all λ between: x_L = (∏ λ_i) x_l + Σ F̂(x_i)."
    public let place = "Section 3, Eqn. 6 and 7"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let scaling = PerUnitScaling(seed: bench.seed, decades: 1)
        let design = NetworkDesign.images(unitsPerStage: 5, shortcut: scaling)
        let stack = try bench.stack(design, batch: 4)
        return finding([
            ClaimMeasurement(
                "‖x_e − (∏λ) x_l − Σ F̂‖ / largest term, worst pair l < e of a stage",
                try ForwardSum(stack: stack, lambda: scaling.lambda).worstError(),
                .atMost(32 * bench.epsilon),
                because: "5 products and additions, each a rounding in \(bench.precision), in two orders")
        ])
    }
}
