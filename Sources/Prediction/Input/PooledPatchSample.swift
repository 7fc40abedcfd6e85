import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks

/// What a stem with max pooling makes of some hundreds of windows, by filters that are drawn.
///
/// Two independent halves of the filters estimate each covariance, so that their product is not biased by how few
/// filters there are.
struct PooledPatchSample {
    private static let windowLimit = 256
    private static let filtersOfHalf = 192

    /// `nil` for images without any contrast.
    let statistics: InputStatistics?

    init(_ images: StemImages, stem: StemDesign, window: PoolingWindow) {
        let extent = stem.convolved(images.shape)
        let places = images.places(among: window.output(for: extent), limit: Self.windowLimit)
        var patches: [[Double]] = []
        // Where the patches of each window end.
        var ends: [Int] = []
        for place in places {
            for tap in 0..<(window.kernel * window.kernel) {
                let row = place.row * window.stride - window.padding + tap / window.kernel
                let column = place.column * window.stride - window.padding + tap % window.kernel
                guard (0..<extent.height).contains(row), (0..<extent.width).contains(column) else { continue }
                patches.append(images.patch(sample: place.sample, row: row, column: column, stem: stem))
            }
            ends.append(patches.count)
        }
        patches.removeMean()
        var stream = RandomStream(seed: 0, name: "prediction.stem")
        let first = Self.pooled(patches, ends, &stream)
        let second = Self.pooled(patches, ends, &stream)
        statistics = Self.statistics(first, second)
    }

    /// x_0 of every filter, window by window; filters that see nothing are left out.
    private static func pooled(
        _ patches: [[Double]], _ ends: [Int], _ stream: inout RandomStream
    ) -> [[Double]] {
        var channels: [[Double]] = []
        for _ in 0..<filtersOfHalf {
            let filter = (patches.first ?? []).map { _ in stream.normal() }
            let responses = patches.map { dotProduct(filter, $0) }
            let variance = responses.reduce(0) { $0 + $1 * $1 } / Double(max(1, responses.count))
            guard variance > 0 else { continue }
            var start = 0
            channels.append(
                ends.map { end in
                    let largest = responses[start..<end].reduce(0, max)
                    start = end
                    return largest / variance.squareRoot()
                })
        }
        return channels
    }

    private static func statistics(_ first: [[Double]], _ second: [[Double]]) -> InputStatistics? {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let all = first + second
        let meanSquare = all.map { channel in channel.map { $0 * $0 }.mean }.mean
        let channelMeanSquare = all.map { $0.mean * $0.mean }.mean
        let covariances = [first, second].map(covariance)
        let lengths = covariances.map { covariance in covariance.indices.map { covariance[$0][$0] } }
        let length = lengths.map(\.mean)
        guard length[0] > 0, length[1] > 0 else { return nil }
        let count = Double(lengths[0].count)
        var square = 0.0
        for (a, b) in zip(covariances[0], covariances[1]) { square += dotProduct(a, b) }
        let spread = zip(lengths[0], lengths[1]).map { ($0 / length[0] - 1) * ($1 / length[1] - 1) }.mean
        return InputStatistics(
            meanSquare: meanSquare, channelMeanSquare: channelMeanSquare,
            correlation: (max(0, square) / (count * count * length[0] * length[1])).squareRoot(),
            lengthVariance: max(0, spread))
    }

    /// Between windows, averaged over channels whose means are removed.
    private static func covariance(_ channels: [[Double]]) -> [[Double]] {
        let count = channels[0].count
        var sums = Array(repeating: Array(repeating: 0.0, count: count), count: count)
        for channel in channels {
            let mean = channel.mean
            let centred = channel.map { ($0 - mean) / Double(channels.count).squareRoot() }
            for row in 0..<count {
                for column in 0..<count { sums[row][column] += centred[row] * centred[column] }
            }
        }
        return sums
    }
}
