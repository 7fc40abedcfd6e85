import NumericalMethods

/// Labelled images of one size, ready for a network: what is trained on, or what is tested on.
public protocol TrainingImages: Sendable {
    var shape: ImageShape { get }
    var count: Int { get }
    /// The image at an index in `0 ..< count` as inference sees it: (C, H, W), normalised, with its class.
    func image(at index: Int) throws -> (pixels: [Float], label: Int)
    /// The same as training sees it: augmented by the next draws of a stream.
    func image(
        at index: Int, _ augmentation: Augmentation, drawing stream: inout RandomStream
    ) throws -> (pixels: [Float], label: Int)
}

/// Images that all have the network's size.
public struct NormalizedImages: TrainingImages {
    public let images: any ImageCollection
    public let normalization: ChannelNormalization

    public init(_ images: any ImageCollection, _ normalization: ChannelNormalization) {
        self.images = images
        self.normalization = normalization
    }

    public var shape: ImageShape { images.shape }
    public var count: Int { images.count }

    public func image(at index: Int) throws -> (pixels: [Float], label: Int) {
        var image = try images.image(at: index)
        normalization.apply(to: &image.pixels, shape: shape)
        return image
    }

    public func image(
        at index: Int, _ augmentation: Augmentation, drawing stream: inout RandomStream
    ) throws -> (pixels: [Float], label: Int) {
        let image = try images.image(at: index)
        let pixels = augmentation.apply(
            to: image.pixels, shape: shape, normalization: normalization, drawing: &stream)
        return (pixels, image.label)
    }
}

/// Images of any size, of which squares are cut out.
public struct FolderImages: TrainingImages {
    public let folder: ImageFolder
    /// What inference sees of an image.
    public let crop: CentralCrop

    public init(_ folder: ImageFolder, crop: CentralCrop) {
        self.folder = folder
        self.crop = crop
    }

    public var shape: ImageShape { ImageShape(channels: 3, height: crop.side, width: crop.side) }
    public var count: Int { folder.count }

    public func image(at index: Int) throws -> (pixels: [Float], label: Int) {
        // Not read: a central crop draws nothing.
        var unused = RandomStream(seed: 0, name: "data.crop")
        return (try folder.image(at: index, crop, &unused), folder.labels[index])
    }

    public func image(
        at index: Int, _ augmentation: Augmentation, drawing stream: inout RandomStream
    ) throws -> (pixels: [Float], label: Int) {
        let rule = try augmentation.crop.rule(side: crop.side)
        return (try folder.image(at: index, rule, &stream), folder.labels[index])
    }
}

/// Some images of a part, in an order of their own.
struct PartOfImages: TrainingImages {
    let base: any TrainingImages
    /// In the base, by their index here.
    let indices: [Int]

    var shape: ImageShape { base.shape }
    var count: Int { indices.count }

    func image(at index: Int) throws -> (pixels: [Float], label: Int) { try base.image(at: indices[index]) }

    func image(
        at index: Int, _ augmentation: Augmentation, drawing stream: inout RandomStream
    ) throws -> (pixels: [Float], label: Int) {
        try base.image(at: indices[index], augmentation, drawing: &stream)
    }
}
