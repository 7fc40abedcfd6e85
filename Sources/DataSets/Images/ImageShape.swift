/// The extent of one image: channels, rows, columns.
public struct ImageShape: Hashable, Sendable {
    public let channels: Int
    public let height: Int
    public let width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Values an image.
    public var count: Int { channels * height * width }

    /// 3 × 32 × 32, the input of the CIFAR architectures.
    public static let cifar = ImageShape(channels: 3, height: 32, width: 32)
}

extension ImageShape: CustomStringConvertible {
    public var description: String { "\(channels) × \(height) × \(width)" }
}
