import NumericalMethods

extension TrainingSet {
    /// The embedded digits, 1,437 to train on and 360 to test on: the first 360 of a fixed permutation of the set
    /// (stream `digits.split` of seed 0), whatever the seed of the run. The order of the set itself runs through
    /// the classes, so that every n-th image would favour some.
    ///
    /// - Parameter side: 8, as they are, or 32, enlarged; both repeated over three channels.
    public static func digits(side: Int) throws -> TrainingSet {
        var stream = RandomStream(seed: 0, name: "digits.split")
        let order = stream.permutation(of: Digits.count)
        let all = DigitImages(side: side)
        let training = ImageSelection(all, indices: order[360...].sorted())
        let normalization = try ChannelNormalization.measured(training)
        return TrainingSet(
            name: "UCI handwritten digits, \(side) × \(side)", attribution: Digits.attribution,
            classCount: 10, training: training, test: ImageSelection(all, indices: order[..<360].sorted()),
            normalization: normalization,
            source: {
                var provenance = Digits().provenance()
                provenance.normalization = .init(
                    normalization, values: "0 to 16", origin: "measured on the training images")
                return provenance
            })
    }

    /// The files of a CIFAR release, normalised as `CIFAR` normalises batches.
    public static func cifar(_ release: CIFARRelease, directory: String) throws -> TrainingSet {
        let training = try CIFAR(release, directory: directory)
        let scaling = try training.channelScaling()
        let provenance = training.provenance(scaling)
        return TrainingSet(
            name: release.name,
            attribution:
                "A. Krizhevsky, \"Learning Multiple Layers of Features from Tiny Images\", 2009",
            classCount: release.classCount, training: training,
            test: try CIFAR(release, directory: directory, part: .test),
            normalization: ChannelNormalization(
                mean: scaling.map(\.mean), deviation: scaling.map { 1 / $0.inverseDeviation }),
            source: { provenance })
    }

    /// Standard normal values with labels that nothing can be learnt from but by heart: 1,024 images to train on,
    /// 256 to test on, the same for every seed.
    public static func noise(classCount: Int) -> TrainingSet {
        TrainingSet(
            name: "standard normal noise", attribution: "", classCount: classCount,
            training: FixedNoise(part: "training", count: 1024, classCount: classCount),
            test: FixedNoise(part: "test", count: 256, classCount: classCount),
            normalization: ChannelNormalization(mean: [0, 0, 0], deviation: [1, 1, 1]))
    }

}

extension DataProvenance.Normalization {
    fileprivate init(_ normalization: ChannelNormalization, values: String, origin: String) {
        self.init(
            mean: normalization.mean.map(Double.init), deviation: normalization.deviation.map(Double.init),
            values: values, origin: origin, isMeasured: true)
    }
}

extension CIFAR: ImageCollection {
    public var count: Int { imageCount ?? 0 }

    public func image(at index: Int) throws -> (pixels: [Float], label: Int) {
        let record = try record(index)
        return (record.pixels.map { Float($0) }, record.label)
    }
}

/// The digits at 8 × 8 or enlarged, values 0 to 16, repeated over three channels.
private struct DigitImages: ImageCollection {
    let shape: ImageShape
    private let enlargement: BilinearEnlargement

    init(side: Int) {
        shape = ImageShape(channels: 3, height: side, width: side)
        enlargement = BilinearEnlargement(from: Digits.side, to: side)
    }

    var count: Int { Digits.count }
    func image(at index: Int) throws -> (pixels: [Float], label: Int) {
        let original = Digits.original(index)
        let plane = shape.height == Digits.side ? original : enlargement.enlarged(original)
        return (plane + plane + plane, Digits.label(index))
    }
}

/// Noise of which every image has a stream of its own.
private struct FixedNoise: ImageCollection {
    let part: String
    let count: Int
    let classCount: Int
    let shape = ImageShape.cifar

    func image(at index: Int) throws -> (pixels: [Float], label: Int) {
        var stream = RandomStream(seed: 0, name: "data.noise.\(part).\(index)")
        let label = stream.integer(below: classCount)
        let pixels = [Float](unsafeUninitializedCapacity: shape.count) { buffer, filled in
            stream.fillNormals(
                UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]), standardDeviation: 1)
            filled = shape.count
        }
        return (pixels, label)
    }
}
