import Foundation

/// How unequal the lengths of feature vectors become: χ, the relative variance of s = |x(n, p)|² over samples and
/// positions.
///
/// Behind BN, ReLU keeps a small difference of lengths as it is (its response to δs is exactly 1), enlarges a large
/// one, and adds 4.41/C of its own, the relative variance of C independent (relu(z) − E relu)². So χ grows with
/// depth over width and then faster, until few samples make up the batch's variance. With s log-normal,
/// E√s = (1 + χ)^(−1/8) lowers the channel mean behind ReLU, and the variance rises to q − m: in measurements of
/// ResNet-110 without shortcuts from 0.68q to 0.87q.
enum LengthSpread {
    /// Var (relu(z) − E relu(z))² over its squared mean.
    static let rectifierOwn = 4.407
    /// What 3×3 filters leave of the growth: they average over neighbours, and only what whole regions share
    /// lasts. Read off ResNet-110 without shortcuts.
    private static let keptGrowth = 0.3
    private static let keptOwn = 0.2

    /// χ behind BN and an activation of `channels` channels. One that is not homogeneous, as ReLU is, changes a small
    /// relative difference of s by its `lengthSlope`.
    static func activated(
        _ chi: Double, by response: ActivationResponse, channels: Double, isLocal: Bool
    ) -> Double {
        let slope = response.lengthSlope
        let (kept, growth) =
            response.isHomogeneous ? (chi, grown(chi, response) - chi) : (slope * slope * chi, 0)
        return min(
            limit,
            kept + growth * (isLocal ? keptGrowth : 1)
                + response.ownLength / channels * (1 + chi) * (isLocal ? keptOwn : 1))
    }

    /// Of a homogeneous φ, with A = E φ² and B = 1/c = (E φ)²: relative variance of E[(φ(√s z) − mean)²] given s, which is
    /// Ar² − 2B·rE[r] + B·E[r]² with r = √s; A = ½ and B = 1/2π of ReLU.
    private static func grown(_ chi: Double, _ response: ActivationResponse) -> Double {
        func moment(_ k: Double) -> Double { pow(1 + chi, (k * k - 2 * k) / 8) }
        let (first, a, c) = (moment(1), response.meanSquare, response.inverseSquaredMean)
        let mean = a - first * first / c
        let square =
            moment(4) * (a * a) + first * first / (c * c / 4) + pow(first, 4) / (c * c)
            - 2 * a * first * moment(3) / (c / 2) + 2 * a * first * first / c - pow(first, 4) / (c * c / 4)
        return max(chi, square / (mean * mean) - 1)
    }

    /// E[1/v]·E[v] over the channels of the next convolution, from the variance with and without the spread.
    static func channelSpread(variance: Double, ofEqualLengths equal: Double) -> Double {
        equal > 0 ? pow(variance / equal, offset) : 1
    }
    /// How much of the rise of v the spread of v over channels takes back. Read off the same.
    private static let offset = 0.78
    /// Where growth ends, read off ResNet-1001 `scale0.5`.
    private static let limit = 150.0
}
