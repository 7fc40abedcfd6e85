import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// One forward and backward pass of a batch: the loss, and its gradient in every parameter.
struct GradientPass<Scalar: KernelScalar> {
    /// E, the mean over the batch.
    let loss: Double
    /// (N, classes, 1, 1).
    let logits: Tensor<Scalar>
    /// Of every batch normalisation, by name.
    let statistics: RunningStatistics

    /// Adds ∂E/∂θ to `gradients`, unless the loss is not finite.
    init(
        _ plan: TrainingPlan, _ parameters: TrainedParameters<Scalar>, _ batch: TrainingBatch<Scalar>,
        masks: any MaskSource, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws {
        var evaluation = try GraphEvaluation(
            plan.evaluation, parameters.arguments(for: plan.model, input: batch.input, masks: masks))
        logits = try evaluation.output
        statistics = plan.model.batchStatistics(in: evaluation)
        let (loss, cotangent) = try Loss.crossEntropy(Labels(batch.labels)).evaluate(at: logits)
        self.loss = loss
        guard loss.isFinite else { return }
        let sweep = ReverseSweep<Cotangent<Scalar>>(visiting: Set(plan.names.keys))
        try sweep.run(consuming: &evaluation, from: [plan.model.graph.output: .resolved(cotangent)]) {
            id, gradient in
            if let name = plan.names[id] { gradients.add(gradient.resolve().plain, to: name) }
        }
    }
}

extension TrainedParameters {
    /// What a model is evaluated with.
    func arguments(
        for model: NetworkModel, input: Tensor<Scalar>, masks: any MaskSource,
        statistics: RunningStatistics = [:]
    ) throws -> GraphArguments<Scalar> {
        try model.arguments(
            parameters: Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.values) }),
            input: input, masks: masks, statistics: statistics)
    }
}
