import Foundation
import Kernels
import ResidualNetworks

/// Eqn. 8 with every λ below 1.
public struct VanishingClaim: Claim {
    public init() {}
    public let name = "vanishing"
    public let statement = """
        With λ < 1 on every shortcut the direct term of Eqn. 8 shrinks by λ a unit, exponentially in depth, and \
        the gradient is forced through the weights.
        """
    public let place = "Section 3, below Eqn. 8"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let (weak, half) = (
            try DirectTermRate(lambda: 0.9, on: bench), try DirectTermRate(lambda: 0.5, on: bench)
        )
        return finding(
            [weak.measurement(on: bench), half.measurement(on: bench)]
                + [
                    ClaimMeasurement(
                        "decades by which ‖w_0‖ exceeds ‖d_0‖ after 24 units of λ = 0.5",
                        half.weightsOverDirect,
                        .atLeast(2),
                        because: "two decades: what the shortcuts deliver is then under 1 % of the gradient"),
                    .told(
                        "decades a unit of the whole gradient, λ = 0.5", half.total,
                        "above 0 it grows on its way down"),
                ],
            remark: """
                False of the whole gradient: at initialisation, with batch normalisation in the branches, it changes by \
                \(signed(half.total)) decades a unit where the direct term changes by \(signed(log10(0.5))).
                """)
    }
}
