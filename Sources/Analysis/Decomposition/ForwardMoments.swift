import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// The first two moments of one x_l, by channel and over all of it.
struct ForwardMoments {
    /// √(mean of x²).
    private(set) var rms: Double
    /// Mean over channels of the squared channel mean; `nil` above the range of Double.
    private(set) var channelMeanSquare: Double?
    /// Mean over channels of the channel variance; `nil` above the range of Double.
    private(set) var channelVariance: Double?

    /// `nil` where x holds a value that is not finite.
    init?<Scalar: KernelScalar>(of x: Tensor<Scalar>, in pass: ForwardPass) {
        self.init(pass.channelStatistics(of: x))
        // The squares may have left their range alone.
        guard !rms.isFinite || rms * rms < Scalar.leastReliableSquares else { return }
        let largest = Scalar.kernels.largestMagnitude(x)
        guard largest.isFinite else { return nil }
        guard largest > 0 else { return }
        let order = Int(largest.exponent)
        self.init(Scalar.kernels.channelStatistics(Scalar.kernels.scale(x, byPowerOfTwo: -order)))
        rms = scalbn(rms, order)
        channelMeanSquare = channelMeanSquare.map { scalbn($0, 2 * order) }.finite
        channelVariance = channelVariance.map { scalbn($0, 2 * order) }.finite
    }

    private init(_ statistics: ChannelStatistics) {
        let channels = Double(statistics.mean.count)
        let meanSquare = statistics.mean.reduce(0) { $0 + $1 * $1 } / channels
        let variance = statistics.variance.reduce(0, +) / channels
        (rms, channelMeanSquare, channelVariance) = (
            (meanSquare + variance).squareRoot(), meanSquare, variance
        )
    }
}

extension Double? {
    fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
