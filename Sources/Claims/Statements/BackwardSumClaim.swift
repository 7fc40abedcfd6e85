import Kernels
import ResidualNetworks

/// Eqn. 5.
public struct BackwardSumClaim: Claim {
    public init() {}
    public let name = "eqn5"
    public let statement =
        "With identity h and f, ∂E/∂x_l is ∂E/∂x_L itself plus a term that passed through weights."
    public let place = "Section 2, Eqn. 5"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let sum = try BackwardSum(.images(unitsPerStage: 4), batch: 4, on: bench) { _ in 1 }
        return finding(sum.measurements(directName: "g_L", on: bench))
    }
}
