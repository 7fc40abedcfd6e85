/// An image of any extent, 8 bits a channel.
public struct RGBImage: Equatable, Sendable {
    public let width: Int
    public let height: Int
    /// R, G, B of every pixel, row by row.
    public let pixels: [UInt8]

    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(
            width >= 1 && height >= 1 && pixels.count == 3 * width * height,
            "\(pixels.count) bytes for \(width) × \(height) pixels")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    public var extent: ImageExtent { ImageExtent(width: width, height: height) }
}

/// Columns and rows of an image.
public struct ImageExtent: Hashable, Sendable {
    public let width: Int
    public let height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    public var shorterSide: Int { min(width, height) }
    public var area: Int { width * height }
}

extension ImageExtent: CustomStringConvertible {
    public var description: String { "\(width) × \(height) pixels" }
}
