import Foundation

/// How many branches the gradient's paths from x_L to x_0 pass through, each path weighted by the energy it
/// carries (Veit, Wilber, Belongie 2016).
///
/// The paths' energies multiply, so the length is a sum of independent yes and no: Poisson-binomial with
/// p_l = a_l/(1 + a_l), a_l the branch's energy over the shortcut's at unit l. Without BN it is Binomial(L, ½).
public struct PathLengthDistribution: Sendable, Equatable {
    /// p_l for l = 0 … L − 1.
    public let branchShares: [Double]
    public var mean: Double { branchShares.reduce(0, +) }
    public var standardDeviation: Double {
        branchShares.reduce(0) { $0 + $1 * (1 - $1) }.squareRoot()
    }

    public init(branchShares: [Double]) { self.branchShares = branchShares }

    /// The probability of each length 0 … L.
    ///
    /// Exact convolution that follows only lengths of a probability above 1e−18: O(L·standard deviation).
    public var probabilities: [Double] {
        var window: [Double] = [1]
        var start = 0
        for p in branchShares {
            var next = Array(repeating: 0.0, count: window.count + 1)
            for (index, mass) in window.enumerated() {
                next[index] += mass * (1 - p)
                next[index + 1] += mass * p
            }
            let first = next.firstIndex { $0 > 1e-18 } ?? 0
            let last = next.lastIndex { $0 > 1e-18 } ?? next.count - 1
            window = Array(next[first...last])
            start += first
        }
        let total = window.reduce(0, +)
        return Array(repeating: 0, count: start) + window.map { $0 / total }
            + Array(repeating: 0, count: branchShares.count + 1 - start - window.count)
    }
}
