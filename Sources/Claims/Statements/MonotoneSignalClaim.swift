import Kernels
import ResidualNetworks
import Tensors

/// Fig. 4(c).
public struct MonotoneSignalClaim: Claim {
    public init() {}
    public let name = "relu-before-addition"
    public let statement =
        "With ReLU before the addition every branch is non-negative, so that no element of x_l ever decreases."
    public let place = "Section 4.1, Fig. 4(c)"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let monotone = try decreases(.rectifierBeforeAddition, bench)
        let other = try decreases(.fullPreactivation, bench)
        return finding([
            ClaimMeasurement(
                "elements of \(monotone.elements) with x_{l+1} < x_l", Double(monotone.decreasing),
                .atMost(0),
                because: "exact: x + F with F ≥ 0 rounds to no less than x"),
            .told(
                "share of such elements with full pre-activation",
                Double(other.decreasing) / Double(other.elements),
                "there the branch takes both signs"),
        ])
    }

    private func decreases<Scalar: KernelScalar>(
        _ layout: UnitLayout, _ bench: TestBench<Scalar>
    ) throws -> (elements: Int, decreasing: Int) {
        let design = NetworkDesign.images(unitsPerStage: 4, layout: layout)
        let steps = try ForwardSteps(
            bench.network(design), on: bench.batch(of: 4, for: design).input,
            in: ForwardPass(masks: SeededMasks(seed: bench.seed)))
        return steps.unitsOfOneSize.reduce(into: (0, 0)) { counts, l in
            let pairs = zip(steps.states[l].elements, steps.states[l + 1].elements)
            counts.0 += steps.states[l].shape.count
            counts.1 += pairs.count { !($1 >= $0) }
        }
    }
}
