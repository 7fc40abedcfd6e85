import Kernels
import ResidualNetworks

/// Eqn. 8 with every λ above 1.
public struct ExplodingClaim: Claim {
    public init() {}
    public let name = "exploding"
    public let statement =
        "With λ > 1 on every shortcut the direct term of Eqn. 8 grows by λ a unit, exponentially in depth."
    public let place = "Section 3, below Eqn. 8"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let (weak, double) = (
            try DirectTermRate(lambda: 1.1, on: bench), try DirectTermRate(lambda: 2, on: bench)
        )
        return finding([
            weak.measurement(on: bench), double.measurement(on: bench),
            .told(
                "decades a unit of the whole gradient, λ = 2", double.total,
                "near the direct term's: the shortcuts carry it"),
        ])
    }
}
