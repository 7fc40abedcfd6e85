import Confirmation
import DataSets
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors
import Training

/// A training set as a confirmation sees it.
struct ConfirmationImages: Sendable {
    let set: TrainingSet

    /// The images that are tested at once.
    private static let testBatch = 128

    /// The images that a word of the command line names, with the data set whose rows they stand for.
    ///
    /// - Throws: `DataSetError`, `ConfirmRefusal`.
    static func named(_ word: String) throws -> (images: ConfirmationImages, stands: PaperRow.DataSet) {
        guard word != "noise", !word.hasPrefix("folder:") else { throw ConfirmRefusal.untrainable(word) }
        let set = try TrainingSet.parse(word)
        return (ConfirmationImages(set: set), set.classCount == 100 ? .cifar100 : .cifar10)
    }

    /// A fifth of the training set in the place of the test set.
    func holdingOut() throws -> ConfirmationImages {
        ConfirmationImages(set: try set.holdingOut(max(1, set.training.count / 5), seed: 0))
    }

    func data(for recipe: TrainingRecipe) -> ConfirmationData {
        let set = set
        let runs = TrainingSet.runs(of: set.test, size: Self.testBatch)
        return ConfirmationData(
            name: set.name, shape: Shape(1, set.shape.channels, set.shape.height, set.shape.width),
            classes: set.classCount, trainingCount: set.training.count, testCount: set.test.count,
            batch: { seed, iteration in
                TrainingBatch(
                    try set.batch(
                        size: recipe.batch, at: iteration, seed: seed,
                        augmentation: recipe.augmentation))
            },
            testBatchCount: runs.count,
            testBatch: { TrainingBatch(try set.images(set.test, at: Array(runs[$0]))) },
            probe: { count in
                try set.probe(of: count, stream: "confirm.probe")
            })
    }
}
