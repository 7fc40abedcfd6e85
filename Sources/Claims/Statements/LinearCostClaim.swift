import Kernels
import ResidualNetworks

/// The remark on computational cost.
public struct LinearCostClaim: Claim {
    public init() {}
    public let name = "linear-cost"
    public let statement = """
        The cost of a network is linear in its depth, so that 1001 layers cost about ten times as much as a \
        hundred; counted in multiply-adds of its convolutions.
        """
    public let place = "Section 5, on cost"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let bends = try BlockDesign.paper.flatMap { block in
            let costs = try (1...6).map { try cost(block, unitsPerStage: $0, bench) }
            let steps = zip(costs.dropFirst(), costs).map(-)
            return zip(steps.dropFirst(), steps).map { abs($0 - $1) }
        }
        // Depths 1001 and 101.
        let ratio =
            Double(try cost(.bottleneck, unitsPerStage: 111, bench))
            / Double(try cost(.bottleneck, unitsPerStage: 11, bench))
        return finding([
            ClaimMeasurement(
                "largest second difference of the cost over 1 … 6 units a stage, all blocks",
                Double(bends.max() ?? -1), .near(0, within: 0), because: "a count: exact"),
            ClaimMeasurement(
                "cost of ResNet-1001 over ResNet-101, bottleneck, 32 × 32 images", ratio,
                .near(10, within: 0.5),
                because: "“about ten”: 111 units a stage over 11, beside a stem and three changes of size"),
        ])
    }

    /// Multiply-adds of a forward and a backward pass of one image.
    private func cost<Scalar: KernelScalar>(
        _ block: BlockDesign, unitsPerStage: Int, _ bench: TestBench<Scalar>
    ) throws -> Int {
        let design = NetworkDesign(block: block, unitsPerStage: unitsPerStage)
        let (forward, backward) = try bench.network(design, parameters: ShapesAlone())
            .model(batch: 1, mode: .inference).model.multiplyAdds
        return forward + backward
    }
}
