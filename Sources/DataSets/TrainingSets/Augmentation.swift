import NumericalMethods

/// How what is trained on is changed at random: images of the network's size by translations and mirror images, others
/// by where they are cut.
public struct Augmentation: Equatable, Sendable, Codable {
    /// Pixels of zero padding from which a crop of the image's size is cut at a random place; 0 for none.
    public var translation: Int
    /// Whether half of the images are mirrored, left to right.
    public var flips: Bool
    /// Whether the padding is 0 before the mean is subtracted (black) rather than after it (grey).
    public var padsBeforeNormalization: Bool
    /// How a square is cut out of images of a folder; random crops mirror half of them whatever `flips` is.
    public var crop: RandomCrop

    public init(
        translation: Int, flips: Bool, padsBeforeNormalization: Bool, crop: RandomCrop = .scaleJitter(nil)
    ) {
        self.translation = translation
        self.flips = flips
        self.padsBeforeNormalization = padsBeforeNormalization
        self.crop = crop
    }

    public static let none = Augmentation(translation: 0, flips: false, padsBeforeNormalization: false)

    /// A normalised image, augmented by the next draws of a stream: row, column, mirror.
    func apply(
        to pixels: [Float], shape: ImageShape, normalization: ChannelNormalization,
        drawing stream: inout RandomStream
    ) -> [Float] {
        var down = 0
        var right = 0
        if translation > 0 {
            down = stream.integer(below: 2 * translation + 1) - translation
            right = stream.integer(below: 2 * translation + 1) - translation
        }
        let mirrors = flips && stream.integer(below: 2) == 1
        var image = pixels
        if !padsBeforeNormalization { normalization.apply(to: &image, shape: shape) }
        image = Self.moved(image, shape: shape, down: down, right: right)
        if mirrors { image = Self.mirrored(image, shape: shape) }
        if padsBeforeNormalization { normalization.apply(to: &image, shape: shape) }
        return image
    }

    /// The crop whose corner lies `down` rows and `right` columns from the image's; 0 outside the image.
    static func moved(_ pixels: [Float], shape: ImageShape, down: Int, right: Int) -> [Float] {
        guard down != 0 || right != 0 else { return pixels }
        let (height, width) = (shape.height, shape.width)
        var moved = [Float](repeating: 0, count: pixels.count)
        for channel in 0..<shape.channels {
            for row in 0..<height where (0..<height).contains(row + down) {
                for column in 0..<width where (0..<width).contains(column + right) {
                    moved[(channel * height + row) * width + column] =
                        pixels[(channel * height + row + down) * width + column + right]
                }
            }
        }
        return moved
    }

    /// Left and right exchanged.
    static func mirrored(_ pixels: [Float], shape: ImageShape) -> [Float] {
        let width = shape.width
        return pixels.indices.map { pixels[$0 - $0 % width + width - 1 - $0 % width] }
    }
}
