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

    /// Whether both are the same signal but for rounding, to 1e−13 of the mean square: a walk of many units adds up
    /// some 1e−16 a sum.
    func isAlike(_ other: SignalMoments) -> Bool {
        let unit = max(meanSquare, other.meanSquare)
        return groups.count == other.groups.count
            && zip(groups, other.groups).allSatisfy { $0.isAlike($1, unit: unit) }
            && zip(profile.weights, other.profile.weights).allSatisfy { abs($0 - $1) <= 1e-13 }
            && abs(correlation - other.correlation) <= 1e-13
            && abs(lengthVariance - other.lengthVariance) <= 1e-13
            && abs(channelSpread - other.channelSpread) <= 1e-13
            && logScale == other.logScale
    }

    /// The same in its own size, which may leave the range of numbers.
    var unscaled: SignalMoments {
        var copy = self
        let scale = exp(logScale)
        for index in copy.groups.indices { copy.groups[index].scale(by: scale) }
        copy.logScale = 0
        return copy
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

    fileprivate func isAlike(_ other: ChannelGroup, unit: Double) -> Bool {
        func squares(_ group: ChannelGroup) -> [Double] {
            [
                group.variance, group.mean * group.mean, group.randomMean,
                group.law.rectifiedPart * group.law.rectifiedPart,
            ]
        }
        return channels == other.channels && abs(law.mixing - other.law.mixing) <= 1e-13
            && zip(squares(self), squares(other)).allSatisfy { abs($0 - $1) <= 1e-13 * unit }
            && zip(law.grid?.masses ?? [], other.law.grid?.masses ?? []).allSatisfy { abs($0 - $1) <= 1e-13 }
    }

    mutating func scale(by factor: Double) {
        variance *= factor * factor
        randomMean *= factor * factor
        mean *= factor
        law.rectifiedPart *= factor
    }
}

/// What a prediction knows of one element beyond its mean and variance.
struct ElementLaw: Sendable {
    /// Amplitude of what the stem leaves (`StemLaw`, a rectified standard normal) within the element; the rest is Gaussian.
    var rectifiedPart = 0.0
    /// Relative variance of the variance of the Gaussian rest from element to element: dropout and gates make
    /// some elements old and large and others young and small.
    var mixing = 0.0
    /// The law on a grid, where f rectifies and an element therefore remembers its past.
    var grid: RectifiedLaw?

    static let gaussian = ElementLaw()
}
