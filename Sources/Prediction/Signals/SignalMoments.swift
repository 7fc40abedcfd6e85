import Foundation

/// What a prediction knows of a tensor (N, C, H, W): second moments by group of alike channels, their spread over
/// positions, and how far samples and positions are correlated.
struct SignalMoments: Sendable {
    var groups: [ChannelGroup]
    /// Spread of the variance over positions.
    var profile: SpatialProfile
    /// Root mean square of the correlation between two positions or samples that the input brings along; 0 for
    /// independent inputs.
    var correlation: Double
    /// Relative variance, over samples and positions, of an element's variance: how unequal in length the feature
    /// vectors are (`LengthSpread`).
    var lengthVariance = 0.0
    /// By how much unequal lengths make the mean of 1/v over channels exceed 1/v of the mean.
    var channelSpread = 1.0
    /// The true values are e^`logScale` times those described, so that nothing leaves the range of numbers.
    var logScale = 0.0

    var channels: Double { groups.reduce(0) { $0 + $1.channels } }
    var variance: Double { mean(\.variance) }
    var meanSquare: Double { mean(\.meanSquare) }
    var channelMeanSquare: Double { mean(\.channelMeanSquare) }

    /// A mean over channels.
    func mean(_ value: (ChannelGroup) -> Double) -> Double {
        if groups.count == 1 { return value(groups[0]) }
        return groups.reduce(0) { $0 + $1.channels * value($1) } / channels
    }

    /// Keeps the numbers near 1 and the scale beside them.
    mutating func rescale() {
        let size = meanSquare
        guard size > 1e60 || (size < 1e-60 && size > 0) else { return }
        for index in groups.indices { groups[index].scale(by: 1 / size.squareRoot()) }
        logScale += log(size) / 2
    }
}

/// Channels whose moments are alike.
struct ChannelGroup: Sendable {
    var channels: Double
    /// Variance over batch and positions.
    var variance: Double
    /// The mean that all channels share (ReLU makes one).
    var mean: Double
    /// Mean square of the channel means that differ in sign from channel to channel (a convolution makes them).
    var randomMean = 0.0
    /// How the single element is distributed.
    var law = ElementLaw.gaussian

    /// Mean over channels of the squared channel mean.
    var channelMeanSquare: Double { randomMean + mean * mean }
    var meanSquare: Double { variance + channelMeanSquare }

    mutating func scale(by factor: Double) {
        variance *= factor * factor
        randomMean *= factor * factor
        mean *= factor
        law.rectifiedPart *= factor
    }
}

/// What a prediction knows of one element beyond its mean and variance.
struct ElementLaw: Sendable {
    /// Amplitude of a rectified standard normal (what the stem leaves) within the element; the rest is Gaussian.
    var rectifiedPart = 0.0
    /// Relative variance of the variance of the Gaussian rest from element to element: dropout and gates make
    /// some elements old and large and others young and small.
    var mixing = 0.0
    /// The law on a grid, where f rectifies and an element therefore remembers its past.
    var grid: RectifiedLaw?

    static let gaussian = ElementLaw()
}
