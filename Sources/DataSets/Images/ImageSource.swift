import NumericalMethods

/// Something that hands out batches of labelled images.
///
/// A new source conforms to this; nothing else has to know of it. Those that the
/// command line offers by name stand in `ImageSourceParser`.
public protocol ImageSource: Sendable {
    /// Where the images are from, as a report names it.
    var name: String { get }
    /// The extent of each image.
    var shape: ImageShape { get }
    var classCount: Int { get }
    /// How many different images there are; nil where there is no end to them.
    var imageCount: Int? { get }
    /// `size` different images, normalised; the same ones for the same seed.
    func batch(size: Int, seed: UInt64) throws -> LabelledImages
    /// What a report tells of the source, and of what was met in the batches so far.
    func provenance() throws -> DataProvenance
}

extension ImageSource {
    /// Values as they are, and classes that have numbers for names.
    public func provenance() throws -> DataProvenance {
        DataProvenance(name: name, classes: (0..<classCount).map(String.init))
    }

    /// Refuses a size of 0 or less, or of more images than there are.
    func requirePossible(batchSize size: Int) throws(DataSetError) {
        guard size >= 1 else { throw .batchTooSmall(size) }
        if let available = imageCount, size > available {
            throw .batchTooLarge(size, source: name, available: available)
        }
    }

    /// Which of `total` images the batch of a seed is made of. A larger batch of the
    /// same seed begins with the smaller one.
    func chosenIndices(size: Int, of total: Int, seed: UInt64) throws(DataSetError) -> [Int] {
        try requirePossible(batchSize: size)
        var stream = RandomStream(seed: seed, name: "data.batch")
        return stream.choice(of: size, from: total)
    }
}
