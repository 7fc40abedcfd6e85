import Analysis
import Kernels
import ResidualNetworks
import Tensors

/// Eqn. 9.
public struct AsymmetricUnitClaim: Claim {
    public init() {}
    public let name = "eqn9"
    public let statement = """
        An activation f̂ after the addition that only the branch reads, x_{l+1} = x_l + F(f̂(x_l)), is a \
        pre-activation unit with identity f: the same loss and the same gradient.
        """
    public let place = "Section 4.1, Eqn. 9"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        var losses = 0.0
        var gradients = 0.0
        for block in BlockDesign.paper {
            let design = NetworkDesign.vectors(units: 6, block: block)
            let source = HeInitialization(seed: bench.seed)
            let stack = try bench.stack(design, batch: 12, parameters: source)
            let (loss, gradient) = try AsymmetricStack(
                Network<Scalar>(design, parameters: source), design: design
            ).lossAndGradient(
                on: bench.batch(of: 12, for: design), masks: SeededMasks(seed: bench.seed))
            losses = max(losses, abs((stack.forward.loss ?? .nan) / loss - 1))
            guard let total = stack.paths(at: 0)?.total.plain else {
                throw ClaimError.notFinite(network: design.summary)
            }
            gradients = max(gradients, relativeDistance(total, from: gradient))
        }
        return finding([
            ClaimMeasurement(
                "losses apart, relative, worst block", losses, .atMost(64 * bench.epsilon),
                because: "the same operations: roundings of 6 units in \(bench.precision)"),
            ClaimMeasurement(
                "‖g_0 − g_0 written out‖ / ‖g_0‖, worst block", gradients, .atMost(1024 * bench.epsilon),
                because:
                    "roundings of 18 layers in another order, which batch normalisation's pull-back enlarges"),
        ])
    }
}
