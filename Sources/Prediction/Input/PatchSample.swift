import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks

/// Some hundreds of the patches that a stem reads, with their mean removed.
struct PatchSample {
    private static let limit = 512
    private let patches: [[Double]]

    init(_ images: StemImages, stem: StemDesign?) {
        var patches: [[Double]]
        if let stem {
            let extent = stem.convolved(images.shape)
            patches = images.places(among: extent, limit: Self.limit).map {
                images.patch(sample: $0.sample, row: $0.row, column: $0.column, stem: stem)
            }
        } else {
            let count = min(Self.limit, images.shape.batch)
            patches = (0..<count).map {
                images.image(Int(saturating: (Double($0) + 0.5) * Double(images.shape.batch) / Double(count)))
            }
        }
        patches.removeMean()
        self.patches = patches
    }

    func rectifiedStatistics() -> InputStatistics {
        let count = patches.count
        let variances = patches.map { dotProduct($0, $0) }
        let variance = variances.reduce(0, +) / Double(max(1, count))
        guard variance > 0 else { return .independent }
        // The kernel is symmetric: its lower triangle, row by row.
        var kernel: [Double] = []
        kernel.reserveCapacity(count * (count + 1) / 2)
        var rows = [Double](repeating: 0, count: count)
        for a in 0..<count {
            for b in 0...a {
                let value = Self.arcCosine(
                    a == b ? variances[a] : dotProduct(patches[a], patches[b]), variances[a], variances[b])
                kernel.append(value / variance)
                rows[a] += value / variance
                if a != b { rows[b] += value / variance }
            }
        }
        rows = rows.map { $0 / Double(count) }
        let channelMeanSquare = rows.mean
        var (square, lengths, diagonal) = (0.0, [Double](), 0.0)
        for a in 0..<count {
            for b in 0...a {
                let value = kernel[a * (a + 1) / 2 + b]
                let centred = value - rows[a] - rows[b] + channelMeanSquare
                square += (a == b ? 1 : 2) * centred * centred
                guard a == b else { continue }
                lengths.append(centred)
                diagonal += value
            }
        }
        let length = lengths.mean
        guard length > 0 else { return .independent }
        return InputStatistics(
            meanSquare: diagonal / Double(count), channelMeanSquare: channelMeanSquare,
            correlation: (square / Double(count * count)).squareRoot() / length,
            lengthVariance: lengths.map { ($0 / length - 1) * ($0 / length - 1) }.mean)
    }

    /// E relu(a)relu(b) of two Gaussians with this covariance and these variances.
    private static func arcCosine(_ covariance: Double, _ a: Double, _ b: Double) -> Double {
        let size = (a * b).squareRoot()
        guard size > 0 else { return 0 }
        let rho = max(-1, min(1, covariance / size))
        return size / (2 * Double.pi) * ((1 - rho * rho).squareRoot() + rho * (Double.pi - acos(rho)))
    }
}
