import Foundation
import Kernels
import Tensors

/// The first two moments of one x_l, by channel and over all of it.
struct ForwardMoments {
    /// √(mean of x²).
    private(set) var rms: Double
    /// Mean over channels of the squared channel mean; `nil` above the range of Double.
    private(set) var channelMeanSquare: Double?
    /// Mean over channels of the channel variance; `nil` above the range of Double.
    private(set) var channelVariance: Double?

    /// Of a state of one or several tensors; `nil` where a value is not finite.
    ///
    /// - Parameter statistics: mean and variance of every channel, by tensor.
    init?<Scalar: KernelScalar>(of tensors: [Tensor<Scalar>], _ statistics: [ChannelStatistics]) {
        let counts = tensors.map { Double($0.shape.count) }
        self.init(statistics, counts)
        // The squares may have left their range alone.
        guard !rms.isFinite || rms * rms < Scalar.leastReliableSquares else { return }
        let largest = tensors.map { Scalar.kernels.largestMagnitude($0) }
        // The maximum of values one of which is no number may pass over it.
        guard largest.allSatisfy(\.isFinite), let peak = largest.max() else { return nil }
        guard peak > 0 else { return }
        let order = Int(peak.exponent)
        self.init(
            tensors.map {
                Scalar.kernels.channelStatistics(Scalar.kernels.scale($0, byPowerOfTwo: -order))
            }, counts)
        rms = scalbn(rms, order)
        channelMeanSquare = channelMeanSquare.map { scalbn($0, 2 * order) }.finite
        channelVariance = channelVariance.map { scalbn($0, 2 * order) }.finite
    }

    private init(_ statistics: [ChannelStatistics], _ counts: [Double]) {
        let channels = Double(statistics.reduce(0) { $0 + $1.mean.count })
        let meanSquares = statistics.map { $0.mean.reduce(0) { $0 + $1 * $1 } }
        let variances = statistics.map { $0.variance.reduce(0, +) }
        channelMeanSquare = meanSquares.reduce(0, +) / channels
        channelVariance = variances.reduce(0, +) / channels
        let squares = statistics.indices.reduce(0) {
            $0 + counts[$1] * (meanSquares[$1] + variances[$1]) / Double(statistics[$1].mean.count)
        }
        rms = (squares / counts.reduce(0, +)).squareRoot()
    }
}

extension Double? {
    fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
