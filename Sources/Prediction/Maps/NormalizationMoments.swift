import Foundation
import Operators

/// Batch normalisation with γ = 1, β = 0: forward to variance v/(v + ε) and channel mean 0, backward energy by
/// 1/(v + ε).
///
/// The derivative of the statistics themselves removes two directions of N·H·W a channel and is left out. Where
/// the input is correlated, v differs from channel to channel: E[1/v] exceeds 1/E[v] by `1 + R`, with R the mean
/// squared correlation of two positions (half of what independent cotangents would see, 1 + 2R, because the
/// cotangent shares the smooth directions in which v is large).
struct NormalizationMoments: MomentMap {
    static let epsilon = BatchNorm.usualEpsilon

    /// E[1/v]·E[v] over channels.
    static func spread(of x: SignalMoments) -> Double {
        (1 + x.correlation * x.correlation) * x.channelSpread
    }

    func linearize(_ x: SignalMoments) -> LinearizedMoments {
        // A large scale goes to the pull-back's logarithm; beside a small one ε is what counts.
        let logScale = max(0, x.logScale)
        let scale = exp(2 * min(0, x.logScale))
        let epsilon = Self.epsilon * exp(-2 * logScale)
        let spread = Self.spread(of: x)
        var value = x
        value.logScale = 0
        value.channelSpread = 1
        var slopes: [Double] = []
        for index in x.groups.indices {
            let group = x.groups[index]
            let inverse = 1 / (group.variance * scale + epsilon)
            slopes.append(inverse * spread)
            // However small, it is not 0: half of it is still positive.
            let least = group.variance > 0 ? 1e-200 : 0
            value.groups[index].variance = max(group.variance * scale * inverse, least)
            value.groups[index].mean = 0
            value.groups[index].randomMean = 0
            value.groups[index].law.rectifiedPart *= (scale * inverse).squareRoot()
        }
        return LinearizedMoments(
            value: value, pullback: DiagonalPullback(slopes: slopes, logFactor: -2 * logScale))
    }
}

/// Each group's energy times a number.
struct DiagonalPullback: EnergyPullback {
    let slopes: [Double]
    /// ln of a further factor for all.
    var logFactor = 0.0

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        var result = cotangent
        result.logScale += logFactor
        for index in result.groups.indices {
            result.groups[index].scale(by: slopes[slopes.count == 1 ? 0 : index])
        }
        return result
    }
}
