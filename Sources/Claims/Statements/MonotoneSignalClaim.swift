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
        let stack = try bench.stack(design, batch: 4)
        return try stack.unitsOfOneSize.reduce(into: (0, 0)) { counts, l in
            let pairs = zip(try stack.state(l).elements, try stack.state(l + 1).elements)
            counts.0 += try stack.state(l).shape.count
            counts.1 += pairs.count { !($1 >= $0) }
        }
    }
}
