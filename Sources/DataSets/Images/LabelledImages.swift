/// Images with the class of each: a batch ready to be fed to a network.
public struct LabelledImages: Equatable, Sendable {
    /// All values, image by image, each channel by channel and row by row (N, C, H, W).
    public let pixels: [Float]
    /// The extent of each image.
    public let shape: ImageShape
    /// The class of each image, in `0 ..< classCount`.
    public let labels: [Int]
    /// How many classes the labels are from.
    public let classCount: Int
    /// Where the images are from, as a report names it.
    public let name: String
    /// Whom to thank, with licence; empty where nobody made them.
    public let attribution: String

    /// Images whose values and labels fit together; anything else is a programming error.
    public init(
        pixels: [Float], shape: ImageShape, labels: [Int], classCount: Int, name: String, attribution: String
    ) {
        precondition(pixels.count == labels.count * shape.count, "\(pixels.count) values of \(shape)")
        precondition(
            labels.allSatisfy { (0..<classCount).contains($0) }, "a label outside 0 ..< \(classCount)")
        self.pixels = pixels
        self.shape = shape
        self.labels = labels
        self.classCount = classCount
        self.name = name
        self.attribution = attribution
    }

    /// N.
    public var count: Int { labels.count }
}
