import Analysis
import Foundation
import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// Fig. 2(f).
public struct DropoutClaim: Claim {
    public init() {}
    public let name = "dropout"
    public let statement = """
        Dropout with probability p on the shortcuts acts on the direct term as a scale of expectation (1 − p)^n \
        over n units: ⟨d, c⟩ / ‖c‖² for a cotangent c that does not depend on the masks.
        """
    public let place = "Section 3.1, Fig. 2(f)"

    private static let dropProbability = 0.5
    private static let units = 4
    private static let masks = 1600
    private static let batchSize = 8
    private static let deepUnits = 40

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let shares = try shares(on: bench)
        let measurements = (1...Self.units).map { n -> ClaimMeasurement in
            let sample = Sample(shares.map { $0.fixed[n - 1] })
            let expected = pow(1 - Self.dropProbability, Double(n))
            return ClaimMeasurement(
                "mean of ⟨d, c⟩ / ‖c‖² over \(Self.masks) masks, n = \(n)", sample.mean,
                .near(expected, within: 5 * sample.standardError),
                because: "five standard errors of the mean: once in two million by chance")
        }
        let own = Sample(shares.map(\.own)).mean
        let size = Sample(shares.map { $0.fixed[Self.units - 1] }).mean.squareRoot()
        let lifetime = try lifetime(on: bench)
        return finding(
            measurements + [
                .told(
                    "the same with c = ∂E/∂x_L, n = 1", own,
                    "for comparison: ∂E/∂x_L depends on the masks itself"),
                .told(
                    "root mean square of ‖d‖ / ‖c‖, n = \(Self.units)", size,
                    "a scale of (1 − p)^n would leave \(plain(pow(1 - Self.dropProbability, Double(Self.units))))"
                ),
                .told(
                    "units after which d is exactly 0, of \(Self.batchSize * 16) elements", Double(lifetime),
                    "a scale would never make it 0"),
            ],
            remark: """
                False of norms: 0/1 masks leave (1 − p)^n of the squared norm, so ‖d‖ falls by \
                \(plain((1 - Self.dropProbability).squareRoot())) a unit and not by \
                \(plain(1 - Self.dropProbability)), until after \(lifetime) units nothing is left of it at all.
                """)
    }

    /// ⟨d, c⟩ / ‖c‖² after 1 … n units for a fixed c, and after one unit for ∂E/∂x_L itself.
    private struct Shares {
        var fixed: [Double]
        var own: Double
    }

    private func shares<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> [Shares] {
        let design = design(units: Self.units)
        let network = try bench.network(design)
        let batch = bench.batch(of: Self.batchSize, for: design)
        let model = try network.model(batch: Self.batchSize)
        let plan = model.model.measuringPlan()
        let last = model.model.units.count
        return try (0..<Self.masks).map { index in
            let masks = SeededMasks(seed: bench.seed &+ UInt64(index))
            let trace = try ForwardTrace(
                model.model, plan, network.arguments(model, input: batch.input, masks: masks),
                loss: .crossEntropy(Labels(batch.labels)))
            guard let cotangent = trace.outputCotangent,
                let top = try BackwardTrace(trace, from: cotangent, keeping: [last]).kept[last]?.total.first?
                    .plain
            else { throw ClaimError.notFinite(network: design.summary) }
            let fixed = bench.normals(top.shape, named: "claims.cotangent")
            return Shares(
                fixed: try directShares(of: fixed, in: trace), own: try directShares(of: top, in: trace)[0])
        }
    }

    /// ⟨d_{L−n}, c⟩ / ‖c‖² for n = 1 … L with d_L = c.
    private func directShares<Scalar: KernelScalar>(
        of c: Tensor<Scalar>, in trace: ForwardTrace<Scalar>
    ) throws -> [Double] {
        let last = trace.unitCount
        let paths = try trace.paths(from: c, at: last)
        return (0..<last).reversed().map { l in
            guard let direct = paths[l]?.direct else { return .nan }
            return Scalar.kernels.dot(direct.plain, c) / Scalar.kernels.sumOfSquares(c)
        }
    }

    /// After how many units the direct term is exactly 0.
    private func lifetime<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> Int {
        let stack = try bench.stack(design(units: Self.deepUnits), batch: Self.batchSize)
        return stack.backward.rows.count { $0.norms.direct.value != nil }
    }

    private func design(units: Int) -> NetworkDesign {
        .vectors(
            units: units, block: .single, shortcut: DropoutShortcut(dropProbability: Self.dropProbability))
    }
}
