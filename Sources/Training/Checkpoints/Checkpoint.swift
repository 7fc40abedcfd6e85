import Kernels

/// A training run after an iteration: what it needs to go on as if it had never stopped, and its report so far.
///
/// On disk it is a folder `iteration-00001000` with three files:
///
/// | file | holds |
/// |---|---|
/// | `weights.safetensors` | every parameter θ under its name, its velocity v as `NAME.velocity` (both F32 of a run in single precision, F64 in double), and of every batch normalisation `NORM.running_mean` and `NORM.running_var` (F64, absent before the first iteration) |
/// | `state.json` | `format` (1), `iteration` (iterations done), `type` (`F32` or `F64`) and `result`, the report so far: configuration, recipe, seed, curve, evaluations, measurements, seconds |
/// | `SHA256SUMS` | the checksums of both, which `sha256sum -c` verifies too |
///
/// Dimensions are those of other frameworks: (O, I, k, k) for a filter, (C) for a vector, (classes, features) for
/// the classifier, row-major. The learning rate, the batch and the dropout masks of an iteration follow from the
/// iteration, the recipe and the seed, so there is no other state: a run that goes on takes the same steps, bit by
/// bit, as one that was never stopped, on the same machine with the same number of threads.
///
/// The folder is written under a hidden name and renamed when all of it is on the disk, and a checkpoint that is no
/// longer kept gets a hidden name before it is removed. So a checkpoint under its name is whole, whenever the process
/// was killed; what a kill leaves behind has a hidden name, and the next checkpoint that is written removes it.
public struct Checkpoint<Scalar: KernelScalar>: Sendable {
    public var state: TrainingState<Scalar>
    /// The report of the run so far.
    public var result: TrainingResult

    public init(state: TrainingState<Scalar>, result: TrainingResult) {
        self.state = state
        self.result = result
    }
}
