import NumericalMethods
import Testing

@testable import DataSets

/// Images of one channel whose pixels tell their index and place: image i holds 100·i + position.
private struct CountedImages: ImageCollection {
    let shape: ImageShape
    let count: Int

    func image(at index: Int) -> (pixels: [Float], label: Int) {
        ((0..<shape.count).map { Float(100 * index + $0) }, index % 10)
    }
}

@Suite struct TrainingSetTests {
    private static func counted(_ count: Int) -> TrainingSet {
        let images = CountedImages(shape: ImageShape(channels: 1, height: 2, width: 3), count: count)
        return TrainingSet(
            name: "counted", attribution: "", classCount: 10, training: images, test: images,
            normalization: ChannelNormalization(mean: [0], deviation: [1]))
    }

    @Test func digitsAreSplitOnceForAll() throws {
        let (small, large) = (try TrainingSet.digits(side: 8), try TrainingSet.digits(side: 32))
        let training = try #require((small.training as? NormalizedImages)?.images as? ImageSelection)
        let test = try #require((small.test as? NormalizedImages)?.images as? ImageSelection)
        #expect(training.count == 1437)
        #expect(test.count == 360)
        #expect((training.indices + test.indices).sorted() == Array(0..<Digits.count))
        #expect(((large.test as? NormalizedImages)?.images as? ImageSelection)?.indices == test.indices)
        // 36 a class on average; a split by position in the set would leave some out.
        let labels = try (0..<test.count).map { try test.image(at: $0).label }
        for digit in 0..<10 { #expect((20...55).contains(labels.count { $0 == digit })) }
        #expect(small.shape == ImageShape(channels: 3, height: 8, width: 8))
        #expect(large.shape == .cifar)
    }

    @Test(arguments: [8, 32]) func trainingImagesAreNormalised(side: Int) throws {
        let set = try TrainingSet.digits(side: side)
        let images = try set.images(set.training, at: Array(0..<set.training.count))
        let values = images.pixels.map { Double($0) }
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
        // Float rounding of mean and deviation, 6e−8 of values up to 2.
        #expect(abs(mean) < 1e-5)
        #expect(abs(square - 1) < 1e-5)
    }

    @Test(arguments: [3, 7, 10, 23]) func everyEpochIsAPermutation(batch: Int) {
        let order = EpochOrder(count: 10, batch: batch, seed: 4)
        let seen = (0..<30).flatMap(order.indices(at:))
        let epochs = (0..<seen.count / 10).map { Array(seen[($0 * 10)..<($0 * 10 + 10)]) }
        for epoch in epochs { #expect(epoch.sorted() == Array(0..<10)) }
        #expect(Set(epochs).count > 1)
        #expect((0..<30).allSatisfy { order.indices(at: $0).count == batch })
    }

    @Test func batchesDependOnSeedAndIterationAlone() throws {
        let set = try TrainingSet.digits(side: 8)
        let augmentation = Augmentation(translation: 1, flips: true, padsBeforeNormalization: true)
        func batch(_ iteration: Int, seed: UInt64) throws -> LabelledImages {
            try set.batch(size: 64, at: iteration, seed: seed, augmentation: augmentation)
        }
        let late = try batch(40, seed: 3)
        _ = try batch(7, seed: 3)
        #expect(try batch(40, seed: 3) == late)
        #expect(try batch(41, seed: 3) != late)
        #expect(try batch(40, seed: 4) != late)
    }

    @Test func cropsAndMirrorImages() {
        let shape = ImageShape(channels: 1, height: 2, width: 3)
        let pixels: [Float] = [1, 2, 3, 4, 5, 6]
        #expect(Augmentation.moved(pixels, shape: shape, down: 1, right: 0) == [4, 5, 6, 0, 0, 0])
        #expect(Augmentation.moved(pixels, shape: shape, down: 0, right: -1) == [0, 1, 2, 0, 4, 5])
        #expect(Augmentation.moved(pixels, shape: shape, down: -1, right: 2) == [0, 0, 0, 3, 0, 0])
        #expect(Augmentation.mirrored(pixels, shape: shape) == [3, 2, 1, 6, 5, 4])
    }

    /// Every crop and both mirror images come up, as often as chance has it.
    @Test func augmentationCoversItsChoices() throws {
        let shape = ImageShape(channels: 1, height: 3, width: 3)
        let pixels = (1...9).map { Float($0) }
        let augmentation = Augmentation(translation: 1, flips: true, padsBeforeNormalization: false)
        let normalization = ChannelNormalization(mean: [0], deviation: [1])
        var stream = RandomStream(seed: 1, name: "augmentation")
        var counts: [[Float]: Int] = [:]
        for _ in 0..<1800 {
            counts[
                augmentation.apply(
                    to: pixels, shape: shape, normalization: normalization, drawing: &stream), default: 0] +=
                1
        }
        let expected = Set(
            (-1...1).flatMap { down in
                (-1...1).flatMap { right in
                    let crop = Augmentation.moved(pixels, shape: shape, down: down, right: right)
                    return [crop, Augmentation.mirrored(crop, shape: shape)]
                }
            })
        #expect(Set(counts.keys) == expected)
        // 100 each on average, standard deviation 9.7: five of them.
        #expect(counts.values.allSatisfy { (51...149).contains($0) })
    }

    /// Padding is black where it comes before the mean is subtracted, and the mean where it comes after.
    @Test(arguments: [(true, Float(-2.5)), (false, 0)]) func padding(before: Bool, padded: Float) {
        let augmentation = Augmentation(translation: 1, flips: false, padsBeforeNormalization: before)
        let normalization = ChannelNormalization(mean: [5], deviation: [2])
        var stream = RandomStream(seed: 1, name: "padding")
        var values: Set<Float> = []
        for _ in 0..<50 {
            values.formUnion(
                augmentation.apply(
                    to: [9], shape: ImageShape(channels: 1, height: 1, width: 1),
                    normalization: normalization, drawing: &stream))
        }
        #expect(values == [padded, 2])
    }

    @Test func holdsOutAPartOfTheTrainingImages() throws {
        let set = Self.counted(20)
        let part = try set.holdingOut(6, seed: 2)
        let training = try #require(part.training as? PartOfImages)
        let heldOut = try #require(part.test as? PartOfImages)
        #expect(heldOut.count == 6)
        #expect((training.indices + heldOut.indices).sorted() == Array(0..<20))
        #expect(throws: DataSetError.batchTooLarge(20, source: "counted", available: 19)) {
            try set.holdingOut(20, seed: 2)
        }
    }

    @Test func wordsNameSets() throws {
        #expect(try TrainingSet.parse("digits").shape.height == 32)
        #expect(try TrainingSet.parse("digits8").shape.height == 8)
        let noise = try TrainingSet.parse("noise", classes: 3)
        #expect(noise.classCount == 3)
        #expect(try noise.training.image(at: 5) == noise.training.image(at: 5))
        #expect(try noise.training.image(at: 5).pixels != noise.test.image(at: 5).pixels)
        #expect(throws: DataSetError.unexpectedArgument("digits8", argument: "x")) {
            try TrainingSet.parse("digits8:x")
        }
        #expect(throws: DataSetError.directoryNotGiven("cifar10")) { try TrainingSet.parse("cifar10") }
        #expect(
            throws: DataSetError.unknownSource(
                "digts8", known: TrainingSet.knownForms, closest: "digits8")
        ) { try TrainingSet.parse("digts8") }
    }

    /// As a source of batches it has the images that were trained on, and each once.
    @Test func trainingImagesAreASource() throws {
        let set = try TrainingSet.digits(side: 8)
        let source = TrainingImageSource(of: set)
        #expect(source.shape == set.shape && source.classCount == 10)
        #expect(source.imageCount == set.training.count)
        let batch = try source.batch(size: 5, seed: 3)
        #expect(try source.batch(size: 7, seed: 3).pixels.prefix(batch.pixels.count) == batch.pixels[...])
        #expect(try source.batch(size: 5, seed: 4).pixels != batch.pixels)
        let size = set.shape.count
        let image = Array(batch.pixels[size..<(2 * size)])
        let found = try (0..<set.training.count).filter { try set.training.image(at: $0).pixels == image }
        #expect(try found.contains { try set.training.image(at: $0).label == batch.labels[1] })
        #expect(throws: DataSetError.batchTooLarge(1438, source: set.name, available: 1437)) {
            try source.batch(size: 1438, seed: 0)
        }
        #expect(source.provenance().parts.map(\.images) == [1437])
    }
}
