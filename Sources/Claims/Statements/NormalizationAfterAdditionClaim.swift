import Analysis
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// Fig. 4(b).
public struct NormalizationAfterAdditionClaim: Claim {
    public init() {}
    public let name = "bn-after-addition"
    public let statement = """
        Batch normalisation after the addition scales what the shortcut carries, by γ/√(σ² + ε) per channel, and \
        so the direct term shrinks exponentially where an identity f would keep it.
        """
    public let place = "Section 4.1, BN after addition (Fig. 4(b))"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = NetworkDesign.images(unitsPerStage: 6, layout: .normalizationAfterAddition)
        let stack = try bench.stack(design, batch: 8)
        let slope = try directSlope(stack, design)
        let kept = try directSlope(
            bench.stack(.images(unitsPerStage: 6), batch: 8), design)
        let (error, factors) = try scaling(bench, design)
        return finding([
            ClaimMeasurement(
                "pull-back by h and f against γ/√(σ² + ε) where f passes, worst unit", error,
                .atMost(256 * bench.epsilon),
                because:
                    "statistics held fixed; a few roundings in \(bench.precision) of a mean over 512 numbers"),
            ClaimMeasurement(
                "decades a unit of the direct term, statistics of the batch", slope, .atMost(-0.03),
                because: "a tenth every 33 units or faster; f = ReLU takes its part of it"),
            .told("the same with full pre-activation", kept, "identity f keeps the direct term"),
            .told(
                "smallest mean over channels of γ/√(σ² + ε)", factors.min() ?? .nan, "1 would be no scaling"),
            .told(
                "largest mean over channels of γ/√(σ² + ε)", factors.max() ?? .nan, "1 would be no scaling"),
        ])
    }

    private func directSlope<Scalar: KernelScalar>(
        _ stack: MeasuredStack<Scalar>, _ design: NetworkDesign
    ) throws -> Double {
        let stages = StagePartition(shapes: stack.forward.rows.map(\.shape)).summaries
        let slopes = try stages.map { stage in
            let logs = stack.backward.rows[stage.firstUnit...stage.lastUnit].compactMap(\.stageDirectLog10)
            return -(try LinearFit(x: logs.indices.map(Double.init), y: logs).slope)
        }
        return slopes.reduce(0, +) / Double(slopes.count)
    }

    /// In inference mode, with the statistics of the same batch, H and D together are a factor for every element.
    private func scaling<Scalar: KernelScalar>(
        _ bench: TestBench<Scalar>, _ design: NetworkDesign
    ) throws -> (worstError: Double, means: [Double]) {
        let network = try bench.network(design)
        let masks = SeededMasks(seed: bench.seed)
        let input = bench.batch(of: 8, for: design).input
        let statistics = try network.calibratedStatistics(on: input, masks: masks)
        let steps = try ForwardSteps(
            network, on: input, in: ForwardPass(mode: .inference(statistics), masks: masks))
        var worst = 0.0
        var means: [Double] = []
        for l in steps.unitsOfOneSize {
            let unit = steps.units[l]
            let factors = Scalar.kernels.channelStatistics(unit.y).variance.map {
                1 / ($0 + BatchNormalization<Scalar>.epsilon).squareRoot()
            }
            let v = bench.normals(unit.y.shape, named: "claims.cotangent.\(l)", block: unit.y.block)
            let pulled = try unit.h.derivative.vjp(try unit.f.derivative.vjp(v))
            worst = max(worst, relativeDistance(pulled, from: scaled(v, by: factors, where: unit.output)))
            means.append(factors.reduce(0, +) / Double(factors.count))
        }
        return (worst, means)
    }

    /// v times its channel's factor where f let something pass, else 0.
    private func scaled<Scalar: KernelScalar>(
        _ v: Tensor<Scalar>, by factors: [Double], where output: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        let passed = output.elements
        let elements = v.elements.enumerated().map { index, element in
            let channel = index / v.shape.area % v.shape.channels
            return passed[index] > 0 ? Scalar(factors[channel] * Double(element)) : 0
        }
        return Tensor(elements, shape: v.shape, block: v.block)
    }
}
