import Analysis
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// Fig. 4(b).
public struct NormalizationAfterAdditionClaim: Claim {
    public init() {}
    public let name = "bn-after-addition"
    public let statement = """
        Batch normalisation after the addition scales what the shortcut carries, by γ/√(σ² + ε) per channel, so \
        that the direct term shrinks exponentially where an identity f keeps it.
        """
    public let place = "Section 4.1, Fig. 4(b)"

    /// f = BN, without the ReLU of Fig. 4(b).
    private static let normalizationAlone = UnitLayout(
        name: "bn-alone-after-addition", after: LayersAfterAddition([.normalization]))

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let required = Requirement.atMost(-0.03)
        return finding([
            ClaimMeasurement(
                "pull-back by h and f against γ/√(σ² + ε) where f passes, worst unit",
                try scalingError(bench), .atMost(256 * bench.epsilon),
                because: "fixed statistics; roundings in \(bench.precision) of a mean over 512 numbers"),
            ClaimMeasurement(
                "decades a unit of the direct term, f = ReLU∘BN",
                try directSlope(.normalizationAfterAddition, bench), required,
                because: "a tenth every 33 units or faster"),
            ClaimMeasurement(
                "the same, f = BN alone", try directSlope(Self.normalizationAlone, bench), required,
                because: "no ReLU is to blame: σ² of x + F is that of x, 1, and more"),
            .told(
                "the same, f = ReLU alone", try directSlope(.original, bench),
                "after a ReLU most of x stays positive"),
            .told("the same, f the identity", try directSlope(.fullPreactivation, bench), "nothing is lost"),
        ])
    }

    /// Mean over the stages.
    private func directSlope<Scalar: KernelScalar>(
        _ layout: UnitLayout, _ bench: TestBench<Scalar>
    ) throws -> Double {
        let stack = try bench.stack(.images(unitsPerStage: 6, layout: layout), batch: 8)
        return try StageSlopes(of: \.stageDirect.value, in: stack).mean
    }

    /// In inference mode, with the statistics of the same batch, H and D together are a factor for every element.
    private func scalingError<Scalar: KernelScalar>(_ bench: TestBench<Scalar>) throws -> Double {
        let design = NetworkDesign.images(unitsPerStage: 6, layout: .normalizationAfterAddition)
        let network = try bench.network(design)
        let masks = SeededMasks(seed: bench.seed)
        let batch = bench.batch(of: 8, for: design)
        let statistics = try network.calibratedStatistics(on: batch.input, masks: masks)
        guard let stack = try MeasuredStack(network, on: batch, masks: masks, statistics: statistics) else {
            throw ClaimError.notFinite(network: design.summary)
        }
        let errors = try stack.unitsOfOneSize.map { l in
            let y = try stack.sum(l)
            let v = bench.normals(y.shape, named: "claims.cotangent.\(l)")
            let pulled = try stack.pullBackDirect(v, of: l)
            return relativeDistance(pulled, from: expected(v, at: y, passed: try stack.state(l + 1)))
        }
        return errors.max() ?? .nan
    }

    /// v times γ/√(σ² + ε) of its channel, γ = 1, where f let something pass, else 0.
    private func expected<Scalar: KernelScalar>(
        _ v: Tensor<Scalar>, at y: Tensor<Scalar>, passed: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        let factors = Scalar.kernels.channelStatistics(y).variance.map {
            1 / ($0 + BatchNorm.usualEpsilon).squareRoot()
        }
        let passed = passed.elements
        let elements = v.elements.enumerated().map { index, element in
            let channel = index / v.shape.area % v.shape.channels
            return passed[index] > 0 ? Scalar(factors[channel] * Double(element)) : 0
        }
        return Tensor(elements, shape: v.shape)
    }
}
