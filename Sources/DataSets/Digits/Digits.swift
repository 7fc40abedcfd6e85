internal import CDigits

/// The 1,797 handwritten digits of the UCI repository, embedded: real images with
/// nothing to download.
///
/// E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
/// Learning Repository, 1998, doi 10.24432/C50P49, CC BY 4.0. The originals are 8 × 8
/// with values 0 to 16; batches are enlarged to 32 × 32 (`BilinearEnlargement`),
/// repeated over three channels, and normalised to mean 0 and standard deviation 1
/// over the whole set.
public struct Digits: ImageSource {
    public let name = "UCI handwritten digits"
    public let shape = ImageShape.cifar
    public let classCount = 10
    public var imageCount: Int? { Self.count }

    /// Images in the set.
    public static let count = Int(CDIGITS_COUNT)
    /// The licence asks that this goes wherever the images go.
    public static let attribution =
        "E. Alpaydin, C. Kaynak, \"Optical Recognition of Handwritten Digits\", UCI Machine Learning "
        + "Repository, 1998, https://doi.org/10.24432/C50P49, CC BY 4.0"

    static let side = 8
    static let enlargement = BilinearEnlargement(from: side, to: 32)
    /// Over the values of all enlarged images.
    static let moments = enlargedMoments()

    public init() {}

    public func batch(size: Int, seed: UInt64) throws -> LabelledImages {
        images(at: try chosenIndices(size: size, of: Self.count, seed: seed))
    }

    /// The images with these indices, each in `0 ..< Digits.count`: 3 × 32 × 32, normalised.
    public func images(at indices: [Int]) -> LabelledImages {
        let scale = Float(1 / Self.moments.standardDeviation)
        let mean = Float(Self.moments.mean)
        var pixels: [Float] = []
        pixels.reserveCapacity(indices.count * shape.count)
        for index in indices {
            let plane = Self.enlargement.enlarged(Self.original(index)).map { ($0 - mean) * scale }
            for _ in 0..<shape.channels { pixels.append(contentsOf: plane) }
        }
        return labelled(pixels, shape, indices, changes: "; enlarged and normalised")
    }

    /// The images with these indices as they are in the set: 1 × 8 × 8, values 0 to 16.
    public func originals(at indices: [Int]) -> LabelledImages {
        labelled(
            indices.flatMap(Self.original),
            ImageShape(channels: 1, height: Self.side, width: Self.side), indices, changes: "")
    }

    public func provenance() -> DataProvenance {
        DataProvenance(
            name: name, classes: (0..<classCount).map(String.init),
            normalization: .init(
                mean: Array(repeating: Self.moments.mean, count: shape.channels),
                deviation: Array(repeating: Self.moments.standardDeviation, count: shape.channels),
                values: "0 to 16", origin: "measured on all \(Self.count) enlarged images", isMeasured: true))
    }

    private func labelled(
        _ pixels: [Float], _ shape: ImageShape, _ indices: [Int], changes: String
    ) -> LabelledImages {
        LabelledImages(
            pixels: pixels, shape: shape, labels: indices.map(Self.label), classCount: classCount, name: name,
            attribution: Self.attribution + changes)
    }
}

extension Digits {
    private static func record(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        precondition((0..<count).contains(index), "digit \(index) of \(count)")
        let length = Int(CDIGITS_RECORD)
        return UnsafeBufferPointer(start: cdigits_records() + index * length, count: length)
    }

    private static func value(_ byte: UInt8) -> Int { Int(byte) - Int(CDIGITS_ZERO) }

    static func original(_ index: Int) -> [Float] {
        record(index).prefix(side * side).map { Float(value($0)) }
    }

    static func label(_ index: Int) -> Int {
        value(record(index)[side * side])
    }

    /// Exact sums over all 1.8 million enlarged values without enlarging an image.
    private static func enlargedMoments() -> Moments {
        var moments = Moments()
        for index in 0..<count {
            let image = record(index).prefix(side * side).map(value)
            moments.add(enlargement.sums(of: image))
        }
        return moments
    }
}
