import NumericalMethods

/// Images of independent standard normal values, with labels drawn uniformly: the
/// input that theory assumes.
public struct NoiseImages: ImageSource {
    public let name = "standard normal noise"
    public let shape: ImageShape
    public let classCount: Int
    public var imageCount: Int? { nil }

    public init(shape: ImageShape = .cifar, classCount: Int = 10) {
        precondition(classCount >= 1, "\(classCount) classes")
        self.shape = shape
        self.classCount = classCount
    }

    public func batch(size: Int, seed: UInt64) throws -> LabelledImages {
        try requirePossible(batchSize: size)
        var values = RandomStream(seed: seed, name: "data.noise")
        var labels = RandomStream(seed: seed, name: "data.noise.labels")
        let count = size * shape.count
        let pixels = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            values.fillNormals(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), standardDeviation: 1)
            filled = count
        }
        return LabelledImages(
            pixels: pixels, shape: shape, labels: labels.integers(size, below: classCount),
            classCount: classCount, name: name, attribution: "")
    }
}
