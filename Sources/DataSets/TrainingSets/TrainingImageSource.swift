/// Batches of the images that a network was trained on: without augmentation, and made ready as they were for the training.
public struct TrainingImageSource: ImageSource {
    public let trainingSet: TrainingSet

    public init(of trainingSet: TrainingSet) { self.trainingSet = trainingSet }

    public var name: String { trainingSet.name }
    public var shape: ImageShape { trainingSet.shape }
    public var classCount: Int { trainingSet.classCount }
    public var imageCount: Int? { trainingSet.training.count }

    public func batch(size: Int, seed: UInt64) throws -> LabelledImages {
        let images = trainingSet.training
        return try trainingSet.images(
            images, at: chosenIndices(size: size, of: images.count, seed: seed))
    }

    public func provenance() -> DataProvenance {
        var provenance = trainingSet.provenance
        provenance.parts = [.init(role: .training, images: trainingSet.training.count)]
        return provenance
    }
}
