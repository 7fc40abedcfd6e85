import Kernels
import ResidualNetworks
import Tensors

/// Eqn. 4.
public struct ForwardSumClaim: Claim {
    public init() {}
    public let name = "eqn4"
    public let statement =
        "With identity h and f, x_L is x_l plus the sum of all branches between: x_L = x_l + Σ F(x_i)."
    public let place = "Section 2, Eqn. 4"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = NetworkDesign.images(unitsPerStage: 5)
        let stack = try bench.stack(design, batch: 4)
        return finding([
            ClaimMeasurement(
                "‖x_e − x_l − Σ F‖ / largest term, worst pair l < e of a stage",
                try ForwardSum(stack: stack, lambda: { _ in 1 }).worstError(),
                .atMost(16 * bench.epsilon),
                because: "5 additions, each a rounding in \(bench.precision), in two orders")
        ])
    }
}
