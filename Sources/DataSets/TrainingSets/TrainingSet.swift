import NumericalMethods

/// Images to train on and images to test on.
public struct TrainingSet: Sendable {
    /// As a report names it.
    public let name: String
    /// Whom to thank, with licence; empty where nobody made the images.
    public let attribution: String
    public let classCount: Int
    public let training: any TrainingImages
    /// May be of another size than those trained on.
    public let test: any TrainingImages
    private let source: @Sendable () -> DataProvenance

    /// - Parameter source: what a report tells of where the images are from; by default classes that have numbers for
    ///   names.
    public init(
        name: String, attribution: String, classCount: Int, training: any TrainingImages,
        test: any TrainingImages, source: (@Sendable () -> DataProvenance)? = nil
    ) {
        self.name = name
        self.attribution = attribution
        self.classCount = classCount
        self.training = training
        self.test = test
        self.source =
            source ?? { DataProvenance(name: name, classes: (0..<classCount).map(String.init)) }
    }

    /// What a report tells of the images, and of what was met in those decoded so far.
    public var provenance: DataProvenance {
        var provenance = source()
        provenance.name = name
        provenance.parts = [
            .init(role: .training, images: training.count), .init(role: .test, images: test.count),
        ]
        return provenance
    }

    /// - Parameter normalization: of both parts, measured on training images: test images must not set the scale they
    ///   are judged by.
    public init(
        name: String, attribution: String, classCount: Int, training: any ImageCollection,
        test: any ImageCollection, normalization: ChannelNormalization,
        source: (@Sendable () -> DataProvenance)? = nil
    ) {
        self.init(
            name: name, attribution: attribution, classCount: classCount,
            training: NormalizedImages(training, normalization),
            test: NormalizedImages(test, normalization), source: source)
    }

    public var shape: ImageShape { training.shape }

    /// The augmented training images of an iteration, counted from 0; a function of seed and iteration alone.
    public func batch(
        size: Int, at iteration: Int, seed: UInt64, augmentation: Augmentation
    ) throws -> LabelledImages {
        let order = EpochOrder(count: training.count, batch: size, seed: seed)
        var stream = RandomStream(seed: seed, name: "data.augmentation.\(iteration)")
        return try images(training, at: order.indices(at: iteration)) {
            try training.image(at: $0, augmentation, drawing: &stream)
        }
    }

    /// Images of either part, as inference sees them.
    public func images(_ part: any TrainingImages, at indices: [Int]) throws -> LabelledImages {
        try images(part, at: indices) { try part.image(at: $0) }
    }

    /// The same with `count` training images, chosen by a seed, in the place of the test images: for choices that
    /// the test images must not decide.
    ///
    /// - Throws: `DataSetError.batchTooLarge` where nothing would be left to train on.
    public func holdingOut(_ count: Int, seed: UInt64) throws(DataSetError) -> TrainingSet {
        guard count >= 1 else { throw .batchTooSmall(count) }
        guard count < training.count else {
            throw .batchTooLarge(count, source: name, available: training.count - 1)
        }
        var stream = RandomStream(seed: seed, name: "data.held-out")
        let order = stream.permutation(of: training.count)
        return TrainingSet(
            name: name + ", held-out part", attribution: attribution, classCount: classCount,
            training: PartOfImages(base: training, indices: order[count...].sorted()),
            test: PartOfImages(base: training, indices: order[..<count].sorted()), source: source)
    }

    private func images(
        _ part: any TrainingImages, at indices: [Int],
        _ image: (Int) throws -> (pixels: [Float], label: Int)
    ) throws -> LabelledImages {
        var pixels: [Float] = []
        pixels.reserveCapacity(indices.count * part.shape.count)
        var labels: [Int] = []
        for index in indices {
            let (values, label) = try image(index)
            pixels.append(contentsOf: values)
            labels.append(label)
        }
        return LabelledImages(
            pixels: pixels, shape: part.shape, labels: labels, classCount: classCount, name: name,
            attribution: attribution)
    }
}
