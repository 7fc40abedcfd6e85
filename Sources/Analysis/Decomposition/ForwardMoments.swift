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
        guard !rms.isFinite else { return }
        // The squares may have overflowed alone.
        let shift = Scalar.exponentAboveSquares
        let small = Scalar.kernels.scale(x, by: scalbn(1, -shift))
        self.init(Scalar.kernels.channelStatistics(small))
        guard rms.isFinite else { return nil }
        rms = scalbn(rms, shift)
        channelMeanSquare = channelMeanSquare.map { scalbn($0, 2 * shift) }.finite
        channelVariance = channelVariance.map { scalbn($0, 2 * shift) }.finite
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
