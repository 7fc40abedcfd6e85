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
    private static let own = 4.407
    /// What 3×3 filters leave of the growth: they average over neighbours, and only what whole regions share
    /// lasts. Read off ResNet-110 without shortcuts.
    private static let keptGrowth = 0.3
    private static let keptOwn = 0.2

    /// χ behind BN and ReLU of `channels` channels.
    static func rectified(_ chi: Double, channels: Double, isLocal: Bool) -> Double {
        let grown = response(chi)
        return min(
            limit,
            chi + (grown - chi) * (isLocal ? keptGrowth : 1)
                + own / channels * (1 + chi) * (isLocal ? keptOwn : 1))
    }

    /// Relative variance of E[(relu(√s z) − mean)²] given s, which is r²/2 − r·E[r]/π + E[r]²/2π with r = √s.
    private static func response(_ chi: Double) -> Double {
        func moment(_ k: Double) -> Double { pow(1 + chi, (k * k - 2 * k) / 8) }
        let (first, pi) = (moment(1), Double.pi)
        let mean = 0.5 - first * first / (2 * pi)
        let square =
            moment(4) / 4 + first * first / (pi * pi) + pow(first, 4) / (4 * pi * pi)
            - first * moment(3) / pi + first * first / (2 * pi) - pow(first, 4) / (pi * pi)
        return max(chi, square / (mean * mean) - 1)
    }

    /// (E √s)².
    static func meanSquareFactor(_ chi: Double) -> Double { pow(1 + chi, -0.25) }

    /// E[1/v]·E[v] over the channels of the next convolution, from the variance with and without the spread.
    static func channelSpread(variance: Double, ofEqualLengths equal: Double) -> Double {
        equal > 0 ? pow(variance / equal, offset) : 1
    }
    /// How much of the rise of v the spread of v over channels takes back. Read off the same.
    private static let offset = 0.78
    /// Where growth ends, read off ResNet-1001 `scale0.5`.
    private static let limit = 150.0
}
