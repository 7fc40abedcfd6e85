import Graphs
import Kernels
import ResidualNetworks
import Synchronization
import Tensors

/// How a step evaluates a network on a batch of one size: fused, with derivatives to its parameters.
struct TrainingPlan: Sendable {
    let model: NetworkModel
    let evaluation: EvaluationPlan
    /// Of parameters, by value.
    let names: [Graph.ValueID: String]

    init(
        _ design: NetworkDesign, batch: Int, mode: NetworkGraph.Mode = .training,
        _ checkpointing: Checkpointing
    ) throws {
        model = try design.model(batch: batch, mode: mode)
        names = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.value, $0.name) })
        evaluation = model.model.trainingPlan(derivativesTo: Set(names.keys), checkpointing)
    }
}

/// The plans of a design, each made once.
final class TrainingPlans: Sendable {
    let design: NetworkDesign
    private let replicas: Int
    /// `nil` to decide by memory.
    private let checkpointing: Checkpointing?
    private let plans = Mutex<[Int: TrainingPlan]>([:])

    init(_ design: NetworkDesign, replicas: Int, _ checkpointing: Checkpointing?) {
        self.design = design
        self.replicas = replicas
        self.checkpointing = checkpointing
    }

    /// - Parameter batch: samples of one replica.
    /// - Throws: `NetworkError` and `GraphError` where the design makes no network on such a batch.
    func plan<Scalar: KernelScalar>(batch: Int, in precision: Scalar.Type) throws -> TrainingPlan {
        try plans.withLock { plans in
            if let known = plans[batch] { return known }
            let checkpointing =
                try checkpointing
                ?? TrainingMemory(design, batch: batch * replicas, replicas: replicas, in: precision)
                .checkpointing
            let plan = try TrainingPlan(design, batch: batch, checkpointing)
            plans[batch] = plan
            return plan
        }
    }
}
