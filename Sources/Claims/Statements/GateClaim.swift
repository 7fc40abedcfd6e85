import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// Fig. 2(d) with a negative bias.
public struct GateClaim: Claim {
    public init() {}
    public let name = "gate"
    public let statement = """
        A shortcut-only gate whose bias starts at −6 is nearly an identity, for the signal and for its gradient, \
        as long as W_g x is small beside 6.
        """
    public let place = "Section 3.1, Fig. 2(d)"

    private static let bias = -6.0
    /// In a narrow network one row of W_g may lie along x, and open its gate: a median does not depend on it.
    private static let networks: UInt64 = 15

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let closed = 1 / (1 + exp(-Self.bias))
        let still = try departures(bias: Self.bias, weights: 0, seed: bench.seed, bench)
        let drawn = try typical(bias: Self.bias, bench)
        let open = try typical(bias: 0, bench)
        return finding(
            [
                ClaimMeasurement(
                    "‖h(x) − x‖ / ‖x‖ with W_g = 0, worst unit", still.worst,
                    .near(closed, within: 64 * bench.epsilon),
                    because: "σ(−6) of x is held back, but for roundings in \(bench.precision)"),
                ClaimMeasurement(
                    "‖Hᵀv − v‖ / ‖v‖ with W_g = 0, worst unit", still.worstPullBack,
                    .near(closed, within: 64 * bench.epsilon), because: "the same of a cotangent"),
                ClaimMeasurement(
                    "‖h(x) − x‖ / ‖x‖ with W_g drawn by He, unit 0, median of \(Self.networks) networks",
                    drawn.first, .atMost(0.05),
                    because: "“nearly” read as one part in twenty"),
                .told("the same at the last unit", drawn.last, "x_l has grown, and W_g x with it"),
                .told("the same at unit 0 with bias 0", open.first, "a gate half open, for comparison"),
            ],
            remark: """
                False where x_l is large: with W_g drawn by He, W_g x_l grows with depth until gates open, and at the \
                last of 18 units h(x) departs from x by \(plain(drawn.last)) of its size.
                """)
    }

    private struct Departures {
        var first: Double
        var last: Double
        var worst: Double
        var worstPullBack: Double
    }

    /// Medians over networks with W_g drawn.
    private func typical<Scalar: KernelScalar>(
        bias: Double, _ bench: TestBench<Scalar>
    ) throws -> (first: Double, last: Double) {
        let all = try (0..<Self.networks).map {
            try departures(bias: bias, weights: 1, seed: bench.seed &+ $0, bench)
        }
        return (try Quantiles(of: all.map(\.first)).median, try Quantiles(of: all.map(\.last)).median)
    }

    /// How far h is from the identity in the units that keep the size of x_l.
    private func departures<Scalar: KernelScalar>(
        bias: Double, weights: Double, seed: UInt64, _ bench: TestBench<Scalar>
    ) throws -> Departures {
        let design = NetworkDesign.images(
            unitsPerStage: 6, shortcut: ShortcutOnlyGateShortcut(bias: bias))
        let parameters = ScaledParameters(HeInitialization(seed: seed), factor: weights) {
            $0.hasSuffix("gate.weight")
        }
        let stack = try bench.stack(design, batch: 4, parameters: parameters)
        let units = stack.unitsOfOneSize
        let values = try units.map { relativeDistance(try stack.shortcut($0), from: try stack.state($0)) }
        let pulled = try units.map { l in
            let x = try stack.state(l)
            let v = bench.normals(x.shape, named: "claims.cotangent.\(l)")
            // f is the identity.
            return relativeDistance(try stack.pullBackDirect(v, of: l), from: v)
        }
        guard let first = values.first, let last = values.last, let worst = values.max(),
            let worstPullBack = pulled.max()
        else { throw ClaimError.nothingMeasured(network: design.summary) }
        return Departures(first: first, last: last, worst: worst, worstPullBack: worstPullBack)
    }
}
