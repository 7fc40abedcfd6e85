import Files
import Limits
import NumericalMethods
import Synchronization

/// Images in a folder with one sub-folder a class: `DIR/class/*.png`, `*.jpg`, `*.jpeg`, `*.jpe`, `*.jfif`.
///
/// Classes are the sub-folders in the order of their names, and within each the files in the order of theirs; what begins
/// with a dot is passed over. Names compare as text, by the code points of normal form C. Files are listed when the
/// value is made and decoded when an image is asked for.
public struct ImageFolder: ImageSource {
    public let directory: String
    /// Names of the classes; a label is a place in this list.
    public let classes: [String]
    /// Paths of the images, class by class.
    public let files: [String]
    /// The class of every image.
    public let labels: [Int]
    /// Side of the images that a batch is made of.
    public let side: Int
    public let normalization: ColorNormalization
    /// Whether a batch leaves out files that cannot be decoded.
    public let skipsUndecodable: Bool
    /// Paths of what lies among classes and images and is neither: files of other formats, folders (with “/” behind).
    public let otherFormats: [String]
    /// Of this folder, whatever is left out of it.
    private let log: DecodingLog

    public var name: String { "images of \(directory)" }
    public var shape: ImageShape { ImageShape(channels: 3, height: side, width: side) }
    public var classCount: Int { classes.count }
    public var imageCount: Int? { count }
    public var count: Int { files.count }

    /// - Throws: `DataSetError` where the directory is missing, cannot be listed, or has a name in it that is not UTF-8;
    ///   `ImageFolderError` where it has no classes, or one without images.
    public init(
        _ directory: String, side: Int = 224, normalization: ColorNormalization = .imageNet,
        skipsUndecodable: Bool = false
    ) throws {
        precondition(side >= 1, "images of side \(side)")
        let listing = try FolderListing(directory)
        self.init(
            directory: directory, classes: listing.classes, files: listing.files, labels: listing.labels,
            side: side, normalization: normalization, skipsUndecodable: skipsUndecodable,
            otherFormats: listing.others, log: DecodingLog())
    }

    private init(
        directory: String, classes: [String], files: [String], labels: [Int], side: Int,
        normalization: ColorNormalization, skipsUndecodable: Bool, otherFormats: [String], log: DecodingLog
    ) {
        self.directory = directory
        self.classes = classes
        self.files = files
        self.labels = labels
        self.side = side
        self.normalization = normalization
        self.skipsUndecodable = skipsUndecodable
        self.otherFormats = otherFormats
        self.log = log
    }

    /// One image, cropped, resampled and normalised: 3 × side × side values of the rule's side.
    public func image(
        at index: Int, _ rule: some CropRule, _ stream: inout RandomStream
    ) throws -> [Float] {
        let image = try decode(files[index])
        let crop = rule.crop(of: image.extent, &stream)
        return normalization.normalized(Resampling.render(crop, of: image, side: rule.side))
    }

    /// `size` different images, each the centre of what was brought to 8/7 of the side: a 224×224 crop of a 256-pixel
    /// image, as the paper tests.
    public func batch(size: Int, seed: UInt64) throws -> LabelledImages {
        try requirePossible(batchSize: size)
        var order = RandomStream(seed: seed, name: "data.batch")
        // Not read: a central crop draws nothing.
        var unused = RandomStream(seed: seed, name: "data.crop")
        let rule = CentralCrop(side: side)
        var (pixels, labels) = ([Float](), [Int]())
        pixels.reserveCapacity(size * shape.count)
        for index in order.permutation(of: count) {
            guard labels.count < size else { break }
            do {
                pixels += try image(at: index, rule, &unused)
                labels.append(self.labels[index])
            } catch ImageFolderError.undecodable where skipsUndecodable {
                log.noteUndecodable(files[index])
            }
        }
        guard labels.count == size else {
            throw ImageFolderError.tooFewDecodable(directory, wanted: size, found: labels.count)
        }
        return LabelledImages(
            pixels: pixels, shape: shape, labels: labels, classCount: classCount, name: name,
            attribution: "")
    }

    private func decode(_ path: String) throws(ImageFolderError) -> RGBImage {
        let decoded = try ImageFile.decoded(path)
        log.note(decoded, of: path)
        return decoded.image
    }

    /// Of what was decoded so far.
    public func provenance() -> DataProvenance {
        DataProvenance(
            name: name, classes: classes,
            normalization: .init(
                mean: normalization.mean.map(Double.init),
                deviation: normalization.deviation.map(Double.init),
                values: "0 to 1", origin: normalization == .imageNet ? "fixed: those of ImageNet" : "given",
                isMeasured: false),
            transparency: "laid on white", orientation: "turned upright as Exif says", turned: log.turned,
            undecodable: log.undecodable, withStrayBytes: log.withStrayBytes, otherFormats: otherFormats)
    }
}

/// What is known of the files before any image is asked for.
extension ImageFolder {
    /// Reads the header of every file, so that one that is no image, or too large, is found at once. A file that is
    /// damaged behind its header is found when it is decoded.
    ///
    /// - Throws: `ImageFolderError.undecodable` or, of several, `severalUndecodable`.
    public func requireHeaders() throws(ImageFolderError) {
        let failures = failures { path throws(ImageFolderError) in
            _ = try ImageFile.storedExtent(of: path)
        }
        guard let first = failures.first else { return }
        guard failures.count > 1 else { throw .undecodable(first.path, reason: first.reason) }
        throw .severalUndecodable(
            directory, count: failures.count, of: count, first: Array(failures.prefix(Self.shownFailures)))
    }

    private static var shownFailures: Int { 3 }

    /// The folder without the files that cannot be decoded, which its provenance names. Decodes everything once: which
    /// images there are must be known before the first is drawn, and a header does not tell of damage behind it.
    ///
    /// - Throws: `ImageFolderError.classUndecodable` where a class keeps no image.
    public func withoutUndecodable() throws(ImageFolderError) -> ImageFolder {
        let failures = failures { path throws(ImageFolderError) in _ = try decode(path) }
        for failure in failures { log.noteUndecodable(failure.path) }
        let undecodable = Set(failures.map(\.path))
        let kept = files.indices.filter { !undecodable.contains(files[$0]) }
        let keptLabels = Set(kept.map { labels[$0] })
        if let empty = classes.indices.first(where: { !keptLabels.contains($0) }) {
            throw .classUndecodable(
                Path.entry(classes[empty], of: directory), count: labels.count { $0 == empty })
        }
        return ImageFolder(
            directory: directory, classes: classes, files: kept.map { files[$0] },
            labels: kept.map { labels[$0] }, side: side, normalization: normalization,
            skipsUndecodable: skipsUndecodable, otherFormats: otherFormats, log: log)
    }

    /// The files for which `examine` throws `undecodable`, in order. They are examined by several threads.
    private func failures(
        _ examine: @escaping @Sendable (_ path: String) throws(ImageFolderError) -> Void
    ) -> [ImageFolderError.UndecodableFile] {
        let waiting = Mutex(files.indices[...])
        let reasons = Mutex([Int: String]())
        Threads.run(min(count, ProcessLimits.current.processors)) {
            while let index = waiting.withLock({ $0.popFirst() }) {
                do throws(ImageFolderError) {
                    try examine(files[index])
                } catch {
                    var words = error.description
                    if case .undecodable(_, let reason) = error { words = reason }
                    reasons.withLock { $0[index] = words }
                }
            }
        }
        return reasons.withLock { $0 }.sorted { $0.key < $1.key }.map { index, reason in
            .init(path: files[index], reason: reason)
        }
    }
}
