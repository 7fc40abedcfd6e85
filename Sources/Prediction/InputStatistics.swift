import Foundation

/// The moments of x_0, the stem's output, and how far its samples and positions are correlated.
public struct InputStatistics: Sendable, Equatable {
    /// Mean of x_0² over all elements.
    public var meanSquare: Double
    /// Mean over channels of the squared channel mean.
    public var channelMeanSquare: Double
    /// Root mean square, over pairs of samples and positions, of the correlation of x_0 (channel means removed):
    /// √(tr Σ²)/tr Σ of the channels' covariance Σ.
    public var correlation: Double
    /// Relative variance, over samples and positions, of the squared length of x_0's feature vectors (channel means
    /// removed).
    public var lengthVariance: Double

    public init(
        meanSquare: Double, channelMeanSquare: Double, correlation: Double, lengthVariance: Double = 0
    ) {
        self.lengthVariance = lengthVariance
        self.meanSquare = meanSquare
        self.channelMeanSquare = channelMeanSquare
        self.correlation = correlation
    }

    /// Independent inputs behind BN and ReLU: ½, 1/(2π), 0.
    public static let independent = InputStatistics(
        meanSquare: 0.5, channelMeanSquare: 1 / (2 * Double.pi), correlation: 0)

    /// x_0 of these images behind a random convolution (or fully connected layer), BN and ReLU, averaged over
    /// the weights instead of drawn: patches give the covariance of pre-activations, the arc-cosine kernel that
    /// of x_0 (Cho and Saul 2009).
    ///
    /// - Parameters:
    ///   - pixels: (N, C, H, W) in row-major order.
    ///   - kernel: side of the stem's filter; `nil` where it reads the whole image.
    public init(
        pixels: [Float], samples: Int, channels: Int, height: Int, width: Int, stemKernel kernel: Int?
    ) {
        let patches = PatchSample(
            pixels: pixels, samples: samples, channels: channels, height: height, width: width, kernel: kernel
        )
        self = patches.rectifiedStatistics()
    }
}

/// Some hundreds of the patches that a stem reads, with their mean removed.
private struct PatchSample {
    private static let limit = 512
    private let patches: [[Double]]

    init(pixels: [Float], samples: Int, channels: Int, height: Int, width: Int, kernel: Int?) {
        let positions = height * width
        let places = kernel == nil ? samples : samples * positions
        // A stride that is prime to powers of two walks through all rows and columns.
        let count = min(Self.limit, places)
        var patches = (0..<count).map { index -> [Double] in
            let place = Int((Double(index) + 0.5) * Double(places) / Double(count))
            guard let kernel else {
                let size = channels * positions
                return pixels[place * size..<(place + 1) * size].map(Double.init)
            }
            let (sample, position) = place.quotientAndRemainder(dividingBy: positions)
            let shifted = (position * 37 + sample * 11) % positions
            return Self.patch(
                pixels, sample: sample, row: shifted / width, column: shifted % width, kernel: kernel,
                channels: channels, height: height, width: width)
        }
        let size = patches.first?.count ?? 0
        for element in 0..<size {
            let mean = patches.reduce(0) { $0 + $1[element] } / Double(max(1, count))
            for index in patches.indices { patches[index][element] -= mean }
        }
        self.patches = patches
    }

    private static func patch(
        _ pixels: [Float], sample: Int, row: Int, column: Int, kernel: Int, channels: Int, height: Int,
        width: Int
    ) -> [Double] {
        var values: [Double] = []
        for channel in 0..<channels {
            for y in (row - kernel / 2)...(row + kernel / 2) {
                for x in (column - kernel / 2)...(column + kernel / 2) {
                    let isInside = y >= 0 && y < height && x >= 0 && x < width
                    let index = ((sample * channels + channel) * height + y) * width + x
                    values.append(isInside ? Double(pixels[index]) : 0)
                }
            }
        }
        return values
    }

    func rectifiedStatistics() -> InputStatistics {
        let count = patches.count
        let variances = patches.map { Self.dot($0, $0) }
        let variance = variances.reduce(0, +) / Double(max(1, count))
        guard variance > 0 else { return .independent }
        // The kernel is symmetric: its lower triangle, row by row.
        var kernel: [Double] = []
        kernel.reserveCapacity(count * (count + 1) / 2)
        var rows = [Double](repeating: 0, count: count)
        for a in 0..<count {
            for b in 0...a {
                let value = Self.arcCosine(
                    a == b ? variances[a] : Self.dot(patches[a], patches[b]), variances[a], variances[b])
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

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }

    /// E relu(a)relu(b) of two Gaussians with this covariance and these variances.
    private static func arcCosine(_ covariance: Double, _ a: Double, _ b: Double) -> Double {
        let size = (a * b).squareRoot()
        guard size > 0 else { return 0 }
        let rho = max(-1, min(1, covariance / size))
        return size / (2 * Double.pi) * ((1 - rho * rho).squareRoot() + rho * (Double.pi - acos(rho)))
    }
}
