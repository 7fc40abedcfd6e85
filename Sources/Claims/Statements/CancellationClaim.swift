import Analysis
import Kernels
import ResidualNetworks
import Tensors

/// The remark below Eqn. 5 on the two terms cancelling.
public struct CancellationClaim: Claim {
    public init() {}
    public let name = "cancellation"
    public let statement = """
        The second term of Eqn. 5 hardly ever cancels the first for a sample (‖g‖ < 0.1 ‖d‖), and never for a \
        whole mini-batch.
        """
    public let place = "Section 2, below Eqn. 5"

    private static let batchSize = 16
    private static let networks: UInt64 = 8
    /// ‖g‖ / ‖d‖ below which the terms are said to cancel.
    private static let threshold = 0.1

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = NetworkDesign.images(unitsPerStage: 6)
        let ratios = try (0..<Self.networks).flatMap { network in
            let parameters = HeInitialization(seed: bench.seed &+ network)
            return try sampleRatios(
                bench.stack(design, batch: Self.batchSize, parameters: parameters))
        }
        let samples = ratios.flatMap(\.self)
        guard let least = samples.min() else { throw ClaimError.nothingMeasured(network: design.summary) }
        let cancelled = samples.count { !($0 >= Self.threshold) }
        return finding([
            ClaimMeasurement(
                "share of \(samples.count) samples (all l of \(Self.networks) fresh networks) with ‖g‖ < 0.1 ‖d‖",
                Double(cancelled) / Double(samples.count), .atMost(0.01),
                because: "“unlikely” read as one in a hundred"),
            ClaimMeasurement(
                "batches of \(Self.batchSize) in which every sample cancels",
                Double(ratios.count { $0.allSatisfy { !($0 >= Self.threshold) } }), .atMost(0),
                because: "“never” allows none"),
            .told("smallest ‖g‖ / ‖d‖ of any sample", least, "cancellation would bring it near 0"),
        ])
    }

    /// ‖g_l‖ / ‖d_l‖ of every sample, for each l < L.
    private func sampleRatios<Scalar: KernelScalar>(_ stack: MeasuredStack<Scalar>) -> [[Double]] {
        (0..<stack.unitCount).compactMap { l in
            stack.paths(at: l).map { paths in
                zip(sampleNorms(paths.total), sampleNorms(paths.direct)).map { $0 / $1 }
            }
        }
    }

    private func sampleNorms<Scalar: KernelScalar>(_ cotangent: ScaledTensor<Scalar>) -> [Double] {
        let elements = cotangent.plain.elements
        let size = elements.count / cotangent.tensor.shape.batch
        return stride(from: 0, to: elements.count, by: size).map { start in
            elements[start..<(start + size)].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
    }
}
