import Kernels

/// Who watches a training run: writes logs, keeps checkpoints, measures, stops it.
public protocol TrainingObserver<Scalar> {
    associatedtype Scalar: KernelScalar

    /// Called after every iteration, with the state that it led to.
    ///
    /// - Returns: whether the run is to go on.
    mutating func didAdvance(_ progress: TrainingProgress, to state: TrainingState<Scalar>) throws -> Bool
}

/// One iteration, as an observer sees it.
public struct TrainingProgress: Sendable, Equatable {
    /// Counted from 1: iterations done.
    public let iteration: Int
    /// E of the step, the mean over its batch.
    public let loss: Double
    /// The share of the batch that was classified wrongly.
    public let error: Double
    /// η of the step.
    public let learningRate: Double
}
