import Analysis
import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// Fig. 5(a).
public struct MovedStateClaim: Claim {
    public init() {}
    public let name = "moved-state"
    public let statement = """
        Reading h and F from f(y) instead of passing f(y) on only renames the state of an original unit: \
        y_{l+1} = f(y_l) + F(f(y_l)) is the same function. What changes it is f on the branch alone.
        """
    public let place = "Section 4.1, above Eqn. 9"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = NetworkDesign.images(unitsPerStage: 3, layout: .normalizationAfterAddition)
        let stack = try bench.stack(design, batch: 4)
        // The moved form is made of sound units, whatever the bench makes.
        let sound = try Network<Scalar>(design, parameters: HeInitialization(seed: bench.seed))
        let batch = bench.batch(of: 4, for: design)
        let masks = SeededMasks(seed: bench.seed)
        guard let moved = try MeasuredStack(Self.movingState(of: sound), on: batch, masks: masks),
            let loss = stack.forward.loss, let movedLoss = moved.forward.loss,
            let gradient = stack.paths(at: 0)?.total.plain,
            let movedGradient = moved.paths(at: 0)?.total.plain
        else { throw ClaimError.notFinite(network: design.summary) }
        guard
            let asymmetric = try bench.stack(.images(unitsPerStage: 3), batch: 4).paths(at: 0)?.total.plain
        else { throw ClaimError.notFinite(network: design.summary) }
        return finding([
            ClaimMeasurement(
                "losses apart, relative", abs(loss / movedLoss - 1), .atMost(0),
                because: "the same operations in the same order: equal to the last bit"),
            ClaimMeasurement(
                "‖g_0 − g_0 of the moved form‖ / ‖g_0‖", relativeDistance(gradient, from: movedGradient),
                .atMost(1024 * bench.epsilon),
                because: "f′ᵀ(Hᵀg) + f′ᵀ(Jᵀg) is added in another order, in \(bench.precision)"),
            ClaimMeasurement(
                "the same of the network whose branches alone read f",
                relativeDistance(asymmetric, from: gradient),
                .atLeast(0.1), because: "far above any rounding: another model"),
        ])
    }

    /// The network whose state is y: unit l begins with the f of unit l − 1 on both paths. The same graph, with its rows
    /// elsewhere.
    public static func movingState<Scalar: KernelScalar>(
        of network: Network<Scalar>
    ) -> Network<Scalar> {
        network.rewritten { written in
            let model = written.model
            let rows = model.rows.indices.map { l in
                ResidualModel.Row(
                    values: l == 0 ? model.rows[0].values : model.units[l - 1].results,
                    stage: model.rows[l].stage)
            }
            return NetworkModel(
                model: ResidualModel(path: model.path, units: model.units, rows: rows),
                parameters: written.parameters, buffers: written.buffers,
                normalizations: written.normalizations)
        }
    }
}
