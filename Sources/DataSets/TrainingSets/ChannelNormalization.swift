/// Takes each channel to (x − mean) / deviation.
public struct ChannelNormalization: Equatable, Sendable {
    /// One a channel.
    public let mean: [Float]
    public let deviation: [Float]

    public init(mean: [Float], deviation: [Float]) {
        precondition(mean.count == deviation.count, "\(mean.count) means, \(deviation.count) deviations")
        self.mean = mean
        self.deviation = deviation
    }

    /// Normalises an image (C, H, W).
    public func apply(to pixels: inout [Float], shape: ImageShape) {
        let area = shape.height * shape.width
        for channel in 0..<shape.channels {
            let (mean, scale) = (mean[channel], 1 / deviation[channel])
            for index in (channel * area)..<((channel + 1) * area) {
                pixels[index] = (pixels[index] - mean) * scale
            }
        }
    }

    /// Over all values of each channel of a collection; a channel that never changes keeps the deviation 1.
    static func measured(_ images: some ImageCollection) throws -> ChannelNormalization {
        let shape = images.shape
        let area = shape.height * shape.width
        var sums = [Double](repeating: 0, count: shape.channels)
        var squares = sums
        for index in 0..<images.count {
            let pixels = try images.image(at: index).pixels
            for channel in 0..<shape.channels {
                for value in pixels[(channel * area)..<((channel + 1) * area)] {
                    sums[channel] += Double(value)
                    squares[channel] += Double(value) * Double(value)
                }
            }
        }
        let count = Double(max(1, images.count * area))
        let means = sums.map { $0 / count }
        let deviations = zip(means, squares).map { max(0, $1 / count - $0 * $0).squareRoot() }
        return ChannelNormalization(
            mean: means.map { Float($0) }, deviation: deviations.map { $0 > 0 ? Float($0) : 1 })
    }
}
