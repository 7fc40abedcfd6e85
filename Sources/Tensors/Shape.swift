/// The extent of a batch of feature maps, (N, C, H, W). A batch of vectors has H = W = 1.
public struct Shape: Hashable, Sendable {
    public var batch: Int
    public var channels: Int
    public var height: Int
    public var width: Int

    public init(_ batch: Int, _ channels: Int, _ height: Int = 1, _ width: Int = 1) {
        self.batch = batch
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// H·W.
    public var area: Int { height * width }
    /// N·C·H·W.
    public var count: Int { batch * channels * area }
    /// Whether x_l is a vector per sample rather than a map.
    public var isVector: Bool { area == 1 }

    /// The same extent with another number of channels.
    public func with(channels: Int) -> Shape { Shape(batch, channels, height, width) }
    /// The same extent with another batch size.
    public func with(batch: Int) -> Shape { Shape(batch, channels, height, width) }
}

extension Shape: CustomStringConvertible {
    public var description: String { "(\(batch), \(channels), \(height), \(width))" }
}
