import Graphs
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// One iteration of training: the gradient of every replica of the batch, and one step of descent.
///
/// It is built once and taken many times: it holds plans of the network's graph and no parameters, which are in the state
/// that it moves.
public struct TrainingStep<Scalar: KernelScalar>: Sendable {
    public let optimization: Optimization
    /// Where an iteration's dropout masks come from, replica by replica.
    public let masks: @Sendable (_ iteration: Int, _ replica: Int) -> any MaskSource
    public var design: NetworkDesign { plans.design }
    private let plans: TrainingPlans

    /// What a step found before it moved the parameters.
    public struct Outcome: Sendable {
        /// E, the mean over the batch.
        public let loss: Double
        /// (N, classes, 1, 1) of every replica.
        public let logits: [Tensor<Scalar>]
        /// η.
        public let learningRate: Double
    }

    /// - Parameter checkpointing: what is recomputed in the backward pass rather than kept; `nil` to decide by memory
    ///   (`TrainingMemory`). It changes no bit of the outcome.
    public init(
        _ design: NetworkDesign, _ optimization: Optimization, checkpointing: Checkpointing? = nil,
        masks: @escaping @Sendable (_ iteration: Int, _ replica: Int) -> any MaskSource
    ) throws {
        self.optimization = optimization
        self.masks = masks
        plans = TrainingPlans(design, replicas: optimization.replicas, checkpointing)
    }

    /// With dropout masks from one random stream an iteration and replica.
    public init(
        _ design: NetworkDesign, _ optimization: Optimization, checkpointing: Checkpointing? = nil,
        seed: UInt64
    ) throws {
        try self.init(design, optimization, checkpointing: checkpointing) { iteration, replica in
            var stream = RandomStream(seed: seed, name: "masks.\(iteration).\(replica)")
            return SeededMasks(seed: stream.nextBits())
        }
    }

    /// Moves a state by one iteration.
    ///
    /// - Throws: `TrainingError.notFinite`, with the state as it was; `TrainingError.unevenReplicas`.
    public func advance(
        _ state: inout TrainingState<Scalar>, on batch: TrainingBatch<Scalar>
    ) throws -> Outcome {
        let replicas = try batch.split(over: optimization.replicas)
        var gradients = ParameterGradients<Scalar>()
        let passes = try passes(state, replicas, accumulating: &gradients)
        let rate = optimization.schedule.rate(at: state.iteration)
        descend(&state.parameters, along: gradients, rate: rate)
        optimization.runningAverage.update(&state.statistics, with: passes.map(\.statistics))
        state.iteration += 1
        return Outcome(
            loss: passes.reduce(0) { $0 + $1.loss } / Double(passes.count), logits: passes.map(\.logits),
            learningRate: rate)
    }

    /// Nothing that a pass keeps of the parameters outlives it, so that the step may write them in place.
    private func passes(
        _ state: TrainingState<Scalar>, _ replicas: [TrainingBatch<Scalar>],
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> [GradientPass<Scalar>] {
        try replicas.enumerated().map { index, batch in
            let masks = masks(state.iteration, index)
            let plan = try plans.plan(batch: batch.labels.count, in: Scalar.self)
            let pass = try GradientPass(
                plan, state.parameters, batch, masks: masks, accumulating: &gradients)
            guard pass.loss.isFinite else {
                throw TrainingError.notFinite(
                    iteration: state.iteration + 1,
                    try nonFinitePlace(plan, state.parameters, on: batch.input, masks: masks))
            }
            return pass
        }
    }

    /// The first place that a batch reaches with a number that is not finite.
    private func nonFinitePlace(
        _ plan: TrainingPlan, _ parameters: TrainedParameters<Scalar>, on input: Tensor<Scalar>,
        masks: any MaskSource
    ) throws -> NonFinitePlace {
        let rows = plan.model.model.rows.map { $0.values[0] }
        var passed = 0
        _ = try GraphEvaluation(
            EvaluationPlan(plan.evaluation.graph, derivativesTo: []),
            parameters.arguments(for: plan.model, input: input, masks: masks), observing: Set(rows)
        ) { id, evaluation in
            guard let x = try evaluation[id]?.tensor, Scalar.kernels.isFinite(x) else { return false }
            passed += 1
            return true
        }
        return passed == 0 ? .stem : passed < rows.count ? .unit(passed - 1) : .head
    }

    private func descend(
        _ parameters: inout TrainedParameters<Scalar>, along gradients: ParameterGradients<Scalar>,
        rate: Double
    ) {
        for index in parameters.entries.indices {
            guard let gradient = gradients.byName[parameters.entries[index].name] else { continue }
            let decays = optimization.decayScope.includes(parameters.entries[index].role)
            let step = optimization.rule.step(
                learningRate: rate, momentum: optimization.momentum,
                decay: decays ? optimization.weightDecay : 0, replicas: optimization.replicas)
            parameters.entries[index].descend(along: gradient, step)
        }
    }
}

extension TrainedParameters.Entry {
    fileprivate mutating func descend(along gradient: Tensor<Scalar>, _ step: MomentumStep) {
        Scalar.kernels.descend(&values, velocity: &velocity, gradient: gradient, step)
    }
}
