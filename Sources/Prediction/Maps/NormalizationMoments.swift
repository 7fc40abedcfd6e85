import Foundation
import ResidualNetworks

/// Batch normalisation with γ = 1, β = 0: forward to variance v/(v + ε) and channel mean 0, backward energy by
/// 1/(v + ε).
///
/// The derivative of the statistics themselves removes two directions of N·H·W a channel and is left out. Where
/// the input is correlated, v differs from channel to channel: E[1/v] exceeds 1/E[v] by `1 + R`, with R the mean
/// squared correlation of two positions (half of what independent cotangents would see, 1 + 2R, because the
/// cotangent shares the smooth directions in which v is large).
struct NormalizationMoments: MomentMap {
    // ε is the same for all scalar types.
    static let epsilon = BatchNormalization<Double>.epsilon

    /// E[1/v]·E[v] over channels.
    static func spread(of x: SignalMoments) -> Double {
        (1 + x.correlation * x.correlation) * x.channelSpread
    }

    func linearize(_ x: SignalMoments) -> LinearizedMoments {
        let scale = exp(2 * x.logScale)
        let spread = Self.spread(of: x)
        var value = x
        value.logScale = 0
        value.channelSpread = 1
        var slopes: [Double] = []
        for index in x.groups.indices {
            let variance = x.groups[index].variance
            let inverse = 1 / (variance * scale + Self.epsilon)
            slopes.append(inverse * spread)
            let share = x.groups[index].law.rectifiedPart
            value.groups[index].variance = variance * scale * inverse
            value.groups[index].mean = 0
            value.groups[index].randomMean = 0
            value.groups[index].law.rectifiedPart = share * (scale * inverse).squareRoot()
        }
        return LinearizedMoments(value: value, pullback: DiagonalPullback(slopes: slopes))
    }
}

/// Each group's energy times a number.
struct DiagonalPullback: EnergyPullback {
    let slopes: [Double]

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        var result = cotangent
        for index in result.groups.indices {
            result.groups[index].scale(by: slopes[slopes.count == 1 ? 0 : index])
        }
        return result
    }
}
