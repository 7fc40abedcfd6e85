import Foundation

/// An activation on a signal, channel group by channel group.
///
/// The channel mean after it is the covariance of two distant positions, E φ(a)φ(b) with what the two share: a
/// channel's own mean (`randomMean`), and the correlation the input brought along, to second order of the arc
/// cosine kernel: 1 + R/2.
struct ActivationLayerMoments: MomentMap {
    let activation: any Activation

    /// Moments of a rectified standard normal: mean 1/√(2π), variance (1 − 1/π)/2.
    static let rectifiedMean = 1 / (2 * Double.pi).squareRoot()
    static let rectifiedVariance = (1 - 1 / Double.pi) / 2
    /// What ReLU leaves of a small correlation of centred values: (1/4)/(variance after ReLU of N(0, 1)).
    private static let correlationKept = 0.25 / rectifiedVariance
    /// A stem's share of the variance below which the element counts as Gaussian.
    private static let negligible = 1e-3

    func linearize(_ x: SignalMoments) -> LinearizedMoments {
        var value = x
        var slopes: [Double] = []
        for index in x.groups.indices {
            let (group, slope, spread) = activated(
                x.groups[index], correlation: x.correlation, lengthVariance: x.lengthVariance)
            value.groups[index] = group
            slopes.append(slope)
            value.channelSpread = spread
        }
        value.correlation *= Self.correlationKept
        value.lengthVariance = LengthSpread.rectified(
            x.lengthVariance, channels: x.channels, isLocal: x.profile.side > 1)
        return LinearizedMoments(value: value, pullback: DiagonalPullback(slopes: slopes))
    }

    private func activated(_ x: ChannelGroup, correlation: Double, lengthVariance: Double) -> (
        ChannelGroup, slope: Double, spread: Double
    ) {
        var group = x
        let single = elementMoments(x)
        // E√s of elements whose variance s scatters, taken as log-normal.
        let mixing = pow(1 + x.law.mixing, -0.125)
        var square = single.mean * single.mean * mixing * mixing
        if x.randomMean > 0 { square = max(square, pairMoment(x)) }
        square = min(square * (1 + correlation * correlation / 2), single.meanSquare)
        let equal = single.meanSquare - square
        square *= LengthSpread.meanSquareFactor(lengthVariance)
        let spread = LengthSpread.channelSpread(
            variance: single.meanSquare - square, ofEqualLengths: equal)
        group.mean = square.squareRoot()
        group.randomMean = 0
        group.variance = single.meanSquare - square
        group.law = .gaussian
        return (group, single.slopeEnergy, spread)
    }

    /// E φ, E φ², E φ′² of one element.
    private func elementMoments(_ x: ChannelGroup) -> ActivationMoments {
        let variance = x.variance + x.randomMean
        let part = x.law.rectifiedPart
        let share = part * part * Self.rectifiedVariance
        guard share > Self.negligible * variance else {
            return activation.moments(mean: x.mean, variance: variance)
        }
        // mean + part·(relu(ξ) − E relu(ξ)) + Gaussian rest, given ξ. The rest is never nothing: half of the elements
        // lie where ξ < 0, at 0 but for the rest, and their mask would be that of a rounding error's sign.
        let rest = max(1e-12 * variance, variance - share)
        let base = x.mean - part * Self.rectifiedMean
        var sum = weighted(activation.moments(mean: base, variance: rest), 0.5)
        for (node, weight) in GaussianNodes.halfLine {
            let term = weighted(activation.moments(mean: base + part * node, variance: rest), weight)
            sum.mean += term.mean
            sum.meanSquare += term.meanSquare
            sum.slopeEnergy += term.slopeEnergy
        }
        return sum
    }

    private func weighted(_ moments: ActivationMoments, _ weight: Double) -> ActivationMoments {
        ActivationMoments(
            mean: weight * moments.mean, meanSquare: weight * moments.meanSquare,
            slopeEnergy: weight * moments.slopeEnergy)
    }

    /// E φ(a)φ(b) for two positions of a channel, which share its mean.
    private func pairMoment(_ x: ChannelGroup) -> Double {
        let deviation = x.randomMean.squareRoot()
        return GaussianNodes.line.reduce(0) { sum, point in
            let mean = activation.moments(mean: x.mean + deviation * point.node, variance: x.variance).mean
            return sum + point.weight * mean * mean
        }
    }
}
