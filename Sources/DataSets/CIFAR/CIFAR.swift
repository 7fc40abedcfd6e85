import Files

/// CIFAR-10 or CIFAR-100 from the files of its binary release.
///
/// All files of the part asked for are checked for their size when the value is
/// made; a batch then reads only its own records. Each channel is normalised with
/// the mean and standard deviation of the first 10,000 training images (the whole
/// of `data_batch_1.bin`, a fifth of `train.bin`): reading 30 MB instead of 150 keeps
/// a start fast, and test images must not set the scale they are judged by.
public struct CIFAR: ImageSource {
    /// Which images.
    public enum Part: Sendable {
        case training
        case test
    }

    public let release: CIFARRelease
    public let part: Part
    /// Where the files are: the directory given, or the release's folder in it.
    public let directory: String

    public var name: String { release.name + (part == .training ? "" : " test images") }
    public let shape = ImageShape.cifar
    public var classCount: Int { release.classCount }
    public var imageCount: Int? { files.count * recordsPerFile }

    /// Finds the files and checks that they are as long as the release's.
    public init(
        _ release: CIFARRelease, directory: String, part: Part = .training
    ) throws(DataSetError) {
        guard Folder.exists(directory) else {
            throw release.refusal(ofArchive: directory) ?? .directoryMissing(directory)
        }
        let inner = directory + "/" + release.folder
        self.directory = Folder.exists(inner) ? inner : directory
        self.release = release
        self.part = part
        if let refusal = release.refusal(of: self.directory) { throw refusal }
        try Self.check(path(release.trainingFiles[0]), release.recordsPerTrainingFile, release)
        for file in files { try Self.check(path(file), recordsPerFile, release) }
    }

    /// `size` different images, chosen at random from all files of the part.
    public func batch(size: Int, seed: UInt64) throws -> LabelledImages {
        try images(at: try chosenIndices(size: size, of: files.count * recordsPerFile, seed: seed))
    }

    /// The images with these indices, counted through the files in order.
    public func images(at indices: [Int]) throws(DataSetError) -> LabelledImages {
        let scaling = try channelScaling()
        var pixels: [Float] = []
        pixels.reserveCapacity(indices.count * shape.count)
        var labels: [Int] = []
        for index in indices {
            let record = try self.record(index)
            labels.append(record.label)
            for (channel, scale) in scaling.enumerated() {
                let plane = record.pixels[channel * scale.area..<(channel + 1) * scale.area]
                pixels.append(contentsOf: plane.map(scale.normalised))
            }
        }
        return LabelledImages(
            pixels: pixels, shape: shape, labels: labels, classCount: classCount, name: name,
            attribution: "A. Krizhevsky, \"Learning Multiple Layers of Features from Tiny Images\", 2009")
    }
}

extension CIFAR {
    public func provenance() throws -> DataProvenance { provenance(try channelScaling()) }

    func provenance(_ scaling: [ChannelScaling]) -> DataProvenance {
        DataProvenance(
            name: name, classes: classNames,
            normalization: .init(
                mean: scaling.map { Double($0.mean) },
                deviation: scaling.map { 1 / Double($0.inverseDeviation) },
                values: "0 to 255", origin: "measured on the first \(scaledRecords) training images",
                isMeasured: true))
    }

    /// As the release has them; numbers where its file of names is missing or is something else.
    private var classNames: [String] {
        let numbers = (0..<classCount).map(String.init)
        guard let file = try? InputFile<DataSetError>(path(release.classFile)), file.size <= 1 << 16,
            let bytes = try? file.bytes(file.size, at: 0)
        else { return numbers }
        let names = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        return names.count == classCount ? names : numbers
    }

    private var files: [String] { part == .training ? release.trainingFiles : release.testFiles }

    private var recordsPerFile: Int {
        part == .training ? release.recordsPerTrainingFile : release.recordsPerTestFile
    }

    private func path(_ file: String) -> String { directory + "/" + file }

    private static func check(
        _ path: String, _ records: Int, _ release: CIFARRelease
    ) throws(DataSetError) {
        let file = try InputFile<DataSetError>(path)
        let expected = records * release.recordLength
        guard file.size == expected else { throw .wrongSize(path, expected: expected, found: file.size) }
    }

    func record(_ index: Int) throws(DataSetError) -> (label: Int, pixels: [UInt8]) {
        precondition((0..<files.count * recordsPerFile).contains(index), "image \(index) of \(name)")
        let (fileIndex, position) = index.quotientAndRemainder(dividingBy: recordsPerFile)
        let file = try InputFile<DataSetError>(path(files[fileIndex]))
        let bytes = try file.bytes(release.recordLength, at: position * release.recordLength)
        let label = Int(bytes[release.labelBytes - 1])
        guard label < classCount else {
            throw .labelOutOfRange(file.path, record: position, label: label, classCount: classCount)
        }
        return (label, Array(bytes[release.labelBytes...]))
    }

    /// Training images that the scaling is measured on.
    private var scaledRecords: Int { min(10_000, release.recordsPerTrainingFile) }

    func channelScaling() throws(DataSetError) -> [ChannelScaling] {
        let file = try InputFile<DataSetError>(path(release.trainingFiles[0]))
        return try ChannelScaling.measured(
            file, records: scaledRecords, length: release.recordLength,
            start: release.labelBytes, shape: shape)
    }
}
