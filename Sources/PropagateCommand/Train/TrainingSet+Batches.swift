import DataSets
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors
import Training

extension TrainingSet {
    /// Images of a part that are chosen by its name alone, so that every run of the set measures on the same ones.
    func probe<Scalar: KernelScalar>(of count: Int, stream name: String) throws -> TrainingBatch<Scalar> {
        var stream = RandomStream(seed: 0, name: name)
        return TrainingBatch(
            try images(training, at: stream.choice(of: min(count, training.count), from: training.count)))
    }

    /// The loss and the errors of a network with running statistics, on all images of a part.
    ///
    /// - Parameter batch: images that are seen at once.
    func evaluate<Scalar: KernelScalar>(
        _ state: TrainingState<Scalar>, _ design: NetworkDesign, on part: any TrainingImages, batch: Int
    ) throws -> Evaluation {
        let runs = Self.runs(of: part, size: batch)
        return try state.evaluate(design, batches: runs.count) { index in
            TrainingBatch(try images(part, at: Array(runs[index])))
        }
    }

    /// All images of a part, so many at a time.
    static func runs(of part: any TrainingImages, size: Int) -> [Range<Int>] {
        stride(from: 0, to: part.count, by: size).map { $0..<min($0 + size, part.count) }
    }
}
