import Kernels
import Tensors
import Training

/// What the rows of a table are trained and tested on.
public struct ConfirmationData: Sendable {
    /// As a report names it.
    public let name: String
    /// Extent of one image, batch size 1.
    public let shape: Shape
    public let classes: Int
    public let trainingCount: Int
    public let testCount: Int
    /// The batch of an iteration, counted from 0, in the run of a seed; depends on nothing else.
    public let batch: @Sendable (_ seed: UInt64, _ iteration: Int) throws -> TrainingBatch<Float>
    /// All images that the error is taken on, in so many batches, made one at a time.
    public let testBatchCount: Int
    public let testBatch: @Sendable (_ index: Int) throws -> TrainingBatch<Float>
    /// So many images of the training set, the same for every row and seed.
    public let probe: @Sendable (_ count: Int) throws -> TrainingBatch<Float>

    public init(
        name: String, shape: Shape, classes: Int, trainingCount: Int, testCount: Int,
        batch: @escaping @Sendable (UInt64, Int) throws -> TrainingBatch<Float>,
        testBatchCount: Int, testBatch: @escaping @Sendable (Int) throws -> TrainingBatch<Float>,
        probe: @escaping @Sendable (Int) throws -> TrainingBatch<Float>
    ) {
        self.name = name
        self.shape = shape
        self.classes = classes
        self.trainingCount = trainingCount
        self.testCount = testCount
        self.batch = batch
        self.testBatchCount = testBatchCount
        self.testBatch = testBatch
        self.probe = probe
    }
}
