/// Brings each colour to mean 0 and deviation 1 over a data set.
public struct ColorNormalization: Equatable, Sendable {
    /// Of R, G, B in 0 … 1.
    public let mean: [Float]
    public let deviation: [Float]

    public init(mean: [Float], deviation: [Float]) {
        precondition(
            mean.count == 3 && deviation.count == 3 && deviation.allSatisfy { $0 > 0 },
            "\(mean) and \(deviation) of three colours")
        self.mean = mean
        self.deviation = deviation
    }

    /// Of a random subset of ImageNet's training images, as facebook/fb.resnet.torch has them
    /// (datasets/imagenet.lua), and most others since.
    public static let imageNet = ColorNormalization(
        mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    /// Three planes of values 0 … 255, normalised.
    public func normalized(_ planes: [Float]) -> [Float] {
        let area = planes.count / 3
        var result = planes
        for color in 0..<3 {
            let factor = 1 / (255 * deviation[color])
            let offset = mean[color] / deviation[color]
            for index in (color * area)..<((color + 1) * area) {
                result[index] = planes[index] * factor - offset
            }
        }
        return result
    }
}
