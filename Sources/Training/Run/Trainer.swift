import Kernels
import ResidualNetworks

/// A training run: steps on batches, from a state to the last iteration of the recipe.
///
/// The batch of an iteration is a function of the iteration alone, so a run that goes on from a checkpoint takes the
/// same steps as one that was never stopped.
public struct Trainer<Scalar: KernelScalar>: Sendable {
    public let step: TrainingStep<Scalar>
    public let iterations: Int
    /// The batch of an iteration, counted from 0.
    public let batch: @Sendable (_ iteration: Int) throws -> TrainingBatch<Scalar>

    public init(
        _ step: TrainingStep<Scalar>, iterations: Int,
        batch: @escaping @Sendable (_ iteration: Int) throws -> TrainingBatch<Scalar>
    ) {
        self.step = step
        self.iterations = iterations
        self.batch = batch
    }

    /// Advances a state until the last iteration is done or the observer asks to stop.
    ///
    /// - Throws: `TrainingError.notFinite`, with the last good state in `state`.
    public func run(
        _ state: inout TrainingState<Scalar>, observer: inout some TrainingObserver<Scalar>
    ) throws {
        while state.iteration < iterations {
            let batch = try batch(state.iteration)
            let outcome = try step.advance(&state, on: batch)
            var seen = Evaluation()
            let size = batch.labels.count / outcome.logits.count
            for (replica, logits) in outcome.logits.enumerated() {
                let labels = Array(batch.labels[(replica * size)..<((replica + 1) * size)])
                seen.add(logits, labels: labels, loss: outcome.loss)
            }
            let progress = TrainingProgress(
                iteration: state.iteration, loss: outcome.loss, error: seen.error,
                learningRate: outcome.learningRate)
            guard try observer.didAdvance(progress, to: state) else { return }
        }
    }
}
