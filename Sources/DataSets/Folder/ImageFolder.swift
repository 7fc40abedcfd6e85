import Files
import Foundation
import NumericalMethods

/// Images in a folder with one sub-folder a class: `DIR/class/*.png`, `*.jpg`, `*.jpeg`.
///
/// Classes are the sub-folders in sorted order, and within each the files in sorted order; what begins with a dot is
/// passed over. Files are listed when the value is made and decoded when an image is asked for.
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
    /// Paths of what lies among the images and is none: files of other formats, folders.
    public let otherFormats: [String]
    /// Of this folder, whatever is left out of it.
    private let log: DecodingLog

    public var name: String { "images of \(directory)" }
    public var shape: ImageShape { ImageShape(channels: 3, height: side, width: side) }
    public var classCount: Int { classes.count }
    public var imageCount: Int? { count }
    public var count: Int { files.count }

    /// - Throws: `DataSetError` where the directory is missing or cannot be read; `ImageFolderError` where it has no
    ///   classes, or one without images.
    public init(
        _ directory: String, side: Int = 224, normalization: ColorNormalization = .imageNet,
        skipsUndecodable: Bool = false
    ) throws {
        precondition(side >= 1, "images of side \(side)")
        guard Folder.exists(directory) else { throw DataSetError.directoryMissing(directory) }
        let classes = try Self.names(in: directory).filter { Folder.exists("\(directory)/\($0)") }
        guard !classes.isEmpty else { throw ImageFolderError.noClasses(directory) }
        var (files, labels, otherFormats) = ([String](), [Int](), [String]())
        for (label, name) in classes.enumerated() {
            let folder = "\(directory)/\(name)"
            let names = try Self.names(in: folder)
            let images = names.filter(Self.isImage)
            guard !images.isEmpty else {
                let hasFolders = names.contains { Folder.exists("\(folder)/\($0)") }
                throw hasFolders
                    ? ImageFolderError.foldersInClass(folder) : ImageFolderError.emptyClass(folder)
            }
            files += images.map { "\(folder)/\($0)" }
            labels += images.map { _ in label }
            otherFormats += names.filter { !Self.isImage($0) }.map { "\(folder)/\($0)" }
        }
        self.init(
            directory: directory, classes: classes, files: files, labels: labels, side: side,
            normalization: normalization, skipsUndecodable: skipsUndecodable, otherFormats: otherFormats,
            log: DecodingLog())
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

    private func decode(_ path: String) throws -> RGBImage {
        let (image, stored) = try ImageFile.decodeWithOrientation(path)
        if stored != .upright { log.noteTurned(path) }
        return image
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
            undecodable: log.undecodable, otherFormats: otherFormats)
    }

    /// The folder without the files that cannot be decoded, which its provenance names. Decodes everything once.
    ///
    /// - Throws: `ImageFolderError.emptyClass` where a class keeps no image.
    public func withoutUndecodable() throws -> ImageFolder {
        var kept: [Int] = []
        for index in files.indices {
            do {
                _ = try decode(files[index])
                kept.append(index)
            } catch ImageFolderError.undecodable {
                log.noteUndecodable(files[index])
            }
        }
        let keptLabels = Set(kept.map { labels[$0] })
        if let empty = classes.indices.first(where: { !keptLabels.contains($0) }) {
            throw ImageFolderError.emptyClass("\(directory)/\(classes[empty])")
        }
        return ImageFolder(
            directory: directory, classes: classes, files: kept.map { files[$0] },
            labels: kept.map { labels[$0] }, side: side, normalization: normalization,
            skipsUndecodable: skipsUndecodable, otherFormats: otherFormats, log: log)
    }

    private static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw DataSetError.unreadable(folder, reason: "the folder cannot be listed")
        }
    }

    private static func isImage(_ name: String) -> Bool {
        let lowercase = name.lowercased()
        return [".png", ".jpg", ".jpeg"].contains { lowercase.hasSuffix($0) }
    }
}
