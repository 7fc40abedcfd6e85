import Graphs
import Kernels
import ResidualNetworks
import Synchronization
import Tensors

/// How a step evaluates a network on a batch of one size: fused, with derivatives to its parameters.
struct TrainingPlan: Sendable {
    let model: NetworkModel
    let evaluation: EvaluationPlan

    /// - Parameter recomputesRows: whether every second x_l is recomputed in the backward pass rather than kept.
    init(_ design: NetworkDesign, batch: Int, mode: NetworkGraph.Mode = .training, recomputesRows: Bool)
        throws
    {
        model = try design.model(batch: batch, mode: mode)
        evaluation = model.model.trainingPlan(
            derivativesTo: Set(model.parameters.map(\.value)), recomputesRows: recomputesRows)
    }

    /// What a pass keeps for its derivatives, in bytes.
    func keptBytes<Scalar: KernelScalar>(_ type: Scalar.Type) -> Double {
        evaluation.keptElements * Double(MemoryLayout<Scalar>.stride)
    }

    /// More than this and a step saves memory on its own. In a bottleneck network with four times as wide x_l, every
    /// second x_l is a third of what is kept; recomputing it costs one of three convolutions of every second unit,
    /// counted in multiply-adds 4 % of a step.
    static let comfortableBytes = 4.0 * 1024 * 1024 * 1024
}

/// The plans of a design, each made once.
final class TrainingPlans: Sendable {
    let design: NetworkDesign
    /// Whether every second x_l is recomputed; `nil` to decide by what a batch would keep.
    private let recomputesRows: Bool?
    private let plans = Mutex<[Int: TrainingPlan]>([:])

    init(_ design: NetworkDesign, recomputesRows: Bool?) {
        self.design = design
        self.recomputesRows = recomputesRows
    }

    /// - Throws: `NetworkError` and `GraphError` where the design makes no network on such a batch.
    func plan<Scalar: KernelScalar>(batch: Int, in precision: Scalar.Type) throws -> TrainingPlan {
        try plans.withLock { plans in
            if let known = plans[batch] { return known }
            let all = try TrainingPlan(design, batch: batch, recomputesRows: false)
            let recomputes = recomputesRows ?? (all.keptBytes(precision) > TrainingPlan.comfortableBytes)
            let plan = recomputes ? try TrainingPlan(design, batch: batch, recomputesRows: true) : all
            plans[batch] = plan
            return plan
        }
    }
}
