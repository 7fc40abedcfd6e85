import Foundation

/// An activation on a signal, channel group by channel group.
///
/// The channel mean after it is the covariance of two distant positions, E φ(a)φ(b) with what the two share: a
/// channel's own mean (`randomMean`), and the correlation the input brought along, to second order of Mehler's
/// expansion (`ActivationResponse`): 1 + R²/2 of ReLU.
struct ActivationLayerMoments: MomentMap {
    let activation: any Activation
    /// What the stem left in an element.
    var stem = StemLaw.rectified
    /// Whether x goes on as an element, as behind h and f, so that the signs of its channels' means and what is left of
    /// the stem's law matter. Weights, which follow elsewhere, make all signs alike.
    var goesOn = false
    /// The function at the places of elements whose law is on a grid.
    var map: ElementMap?
    /// Moments that are known of another source, by group.
    var stated: [ActivationMoments?] = []

    /// Moments of a rectified standard normal: mean 1/√(2π), variance (1 − 1/π)/2.
    static let rectifiedMean = 1 / (2 * Double.pi).squareRoot()
    static let rectifiedVariance = (1 - 1 / Double.pi) / 2
    /// A stem's share of the variance below which the element counts as Gaussian.
    private static let negligible = 1e-3

    func linearize(_ x: SignalMoments) -> LinearizedMoments {
        // Functions other than ReLU know sizes.
        let x = x.logScale == 0 || activation is RectifierActivation ? x : x.unscaled
        let response = activation.response(variance: x.mean { $0.variance + $0.randomMean })
        var value = x
        var slopes: [Double] = []
        for index in x.groups.indices {
            let (group, slope, spread) = activated(
                x.groups[index], index < stated.count ? stated[index] : nil, correlation: x.correlation,
                lengthVariance: x.lengthVariance, response)
            value.groups[index] = group
            // Of elements on a grid the walk's steps carry the slopes (`TransitionKernel`).
            slopes.append(isTabulated(x.groups[index]) ? 1 : slope)
            value.channelSpread = spread
        }
        value.correlation *= response.correlationKept
        value.lengthVariance = LengthSpread.activated(
            x.lengthVariance, by: response, channels: x.channels, isLocal: x.profile.side > 1)
        return LinearizedMoments(value: value, pullback: DiagonalPullback(slopes: slopes))
    }

    private func activated(
        _ x: ChannelGroup, _ stated: ActivationMoments?, correlation: Double, lengthVariance: Double,
        _ response: ActivationResponse
    ) -> (ChannelGroup, slope: Double, spread: Double) {
        var group = x
        let single = stated ?? elementMoments(x)
        var square = single.mean * single.mean
        if response.isHomogeneous {
            // E√s of elements whose variance s scatters, taken as log-normal.
            let mixing = pow(1 + x.law.mixing, -0.125)
            square = square * mixing * mixing
        } else {
            square *= response.meanSquareFactor(x.law.mixing)
        }
        if x.randomMean > 0 {
            let pair = pairMoment(x)
            // What channels differ by is that of Gaussian elements, also where the element itself is none.
            square =
                isTabulated(x)
                ? square + max(0, pair.square - pair.mean * pair.mean) : max(square, pair.square)
        }
        let squaredCorrelation = correlation * correlation
        switch response.pairTerm {
        case .relative(let term): square *= 1 + squaredCorrelation * term
        case .absolute(let term): square += squaredCorrelation * term
        }
        square = min(square, single.meanSquare)
        let equal = single.meanSquare - square
        square *= response.meanSquareFactor(lengthVariance)
        let spread = LengthSpread.channelSpread(
            variance: single.meanSquare - square, ofEqualLengths: equal)
        group.variance = single.meanSquare - square
        group.mean = square.squareRoot()
        group.randomMean = 0
        group.law = .gaussian
        if goesOn {
            group.mean = min(group.mean, abs(single.mean)) * (single.mean < 0 ? -1 : 1)
            group.randomMean = max(0, square - group.mean * group.mean)
            // The linear regression on x carries the stem's part and the scatter of variances along.
            group.law = ElementLaw(
                rectifiedPart: x.law.rectifiedPart * single.meanSlope, mixing: x.law.mixing,
                grid: x.law.grid)
        }
        return (group, single.slopeEnergy, spread)
    }

    private func isTabulated(_ x: ChannelGroup) -> Bool { map != nil && x.law.grid != nil }

    /// E φ, E φ², E φ′², E φ′ of one element.
    private func elementMoments(_ x: ChannelGroup) -> ActivationMoments {
        if let map, let law = x.law.grid { return law.moments(of: map) }
        let variance = x.variance + x.randomMean
        let part = x.law.rectifiedPart
        let share = part * part * stem.variance
        guard share > Self.negligible * variance else {
            return activation.moments(mean: x.mean, variance: variance)
        }
        // mean + part·(φ₀(ξ) − E φ₀(ξ)) + Gaussian rest, given ξ. The rest is never nothing: half of the elements
        // behind ReLU lie where ξ < 0, at 0 but for the rest, and their mask would be that of a rounding error's sign.
        let rest = max(1e-12 * variance, variance - share)
        let base = x.mean - part * stem.mean
        var sum = ActivationMoments(mean: 0, meanSquare: 0, slopeEnergy: 0, meanSlope: 0)
        for (value, weight) in stem.points {
            let term = activation.partMoments(mean: base + part * value, variance: rest)
            sum.mean += weight * term.mean
            sum.meanSquare += weight * term.meanSquare
            sum.slopeEnergy += weight * term.slopeEnergy
            sum.meanSlope += weight * term.meanSlope
        }
        return sum
    }

    /// E φ, and E φ(a)φ(b) for two positions of a channel, which share its mean.
    private func pairMoment(_ x: ChannelGroup) -> (mean: Double, square: Double) {
        let deviation = x.randomMean.squareRoot()
        return pairNodes(x).reduce((0, 0)) { sum, point in
            let mean = activation.partMoments(
                mean: x.mean + deviation * point.node, variance: x.variance
            ).mean
            return (sum.0 + point.weight * mean, sum.1 + point.weight * mean * mean)
        }
    }

    /// The square of φ's mean over N(0, v) is smooth on the scale √v: with m of the variance between channels, the rule's
    /// error at step h is e^(−2π²/(h²(1 + 2m/v))), and every third node does where that is below e^(−20).
    private func pairNodes(_ x: ChannelGroup) -> [(node: Double, weight: Double)] {
        guard activation is IntegratedActivation else { return GaussianNodes.line }
        let roughness = 1 + 2 * x.randomMean / max(x.variance, .leastNormalMagnitude)
        return roughness < 2.7 ? GaussianNodes.everyThird : GaussianNodes.line
    }
}
