import Foundation

/// y = α∘A(x) + β∘F(x) in moments. The branch's weights are independent of the shortcut and of zero mean, or its
/// mean is known: variances add, systematic means add, and so do the mean squares of random means.
struct PathAddition {
    let shortcut: SignalMoments
    let branch: SignalMoments
    let modulation: PathModulation
    let sum: SignalMoments
    /// Share of the branch in the variance of the sum.
    let branchShare: Double

    /// - Parameter stem: what the stem left in an element.
    init(shortcut: SignalMoments, branch: SignalMoments, modulation: PathModulation, stem: StemLaw) {
        self.shortcut = shortcut
        self.branch = branch
        self.modulation = modulation
        let scale = Self.scale(of: branch, in: shortcut)
        let kept = modulation.keptBranches
        let alpha = Self.factors(modulation, \.shortcut, kept: 1, pair: modulation.shortcutPair)
        // Two distant positions of a channel are of different samples.
        let beta = Self.factors(modulation, \.branch, kept: kept, pair: kept * kept * modulation.branchPair)
        var addend = branch.groups[0]
        addend.scale(by: scale)
        let scaled = Self.modulated(addend, beta)
        var y = shortcut
        for index in y.groups.indices {
            let h = Self.modulated(shortcut.groups[index], alpha)
            var group = h
            group.variance += scaled.variance
            group.mean += scaled.mean
            group.randomMean += scaled.randomMean
            group.law.mixing = Self.mixing(shortcut.groups[index], addend, modulation, stem)
            y.groups[index] = group
        }
        let passed = shortcut.mean { Self.modulated($0, alpha).variance }
        y.profile = .mix(shortcut.profile, passed, branch.profile, scaled.variance)
        let total = passed + scaled.variance
        branchShare = total > 0 ? scaled.variance / total : 0
        y.correlation = (1 - branchShare) * shortcut.correlation + branchShare * branch.correlation
        let length =
            (1 - branchShare) * shortcut.lengthVariance.squareRoot()
            + branchShare * branch.lengthVariance.squareRoot()
        // Whether a sample keeps its branch has nothing to do with its length.
        let unequalBranches = (1 - kept) / kept * branchShare * branchShare * (1 + branch.lengthVariance)
        y.lengthVariance = length * length + unequalBranches
        y.channelSpread =
            (1 - branchShare) * shortcut.channelSpread + branchShare * branch.channelSpread
        sum = y
    }

    /// Standard deviation of F as an element sees it.
    func branchDeviation(_ isNormalized: Bool) -> Double {
        let group = branch.groups[0]
        let scale = Self.scale(of: branch, in: shortcut)
        return scale * (isNormalized ? group.variance : group.variance + group.randomMean).squareRoot()
    }

    /// F in the scale of the shortcut. Only a branch that is multiplied by 0 lets the shortcut shrink without end.
    private static func scale(of branch: SignalMoments, in shortcut: SignalMoments) -> Double {
        min(exp(branch.logScale - shortcut.logScale), 1e100)
    }

    private struct Factors {
        let mean: Double
        let meanSquare: Double
        let pair: Double
    }

    private static func factors(
        _ modulation: PathModulation, _ value: KeyPath<PathModulation.Node, Double>, kept: Double,
        pair: Double
    ) -> Factors {
        Factors(
            mean: kept * modulation.mean { $0[keyPath: value] },
            meanSquare: kept * modulation.mean { $0[keyPath: value] * $0[keyPath: value] }, pair: pair)
    }

    /// a∘x: what is lost of the channel mean is variance.
    private static func modulated(_ x: ChannelGroup, _ a: Factors) -> ChannelGroup {
        var group = x
        group.mean = a.mean * x.mean
        let channelMeanSquare = a.pair * x.channelMeanSquare
        group.randomMean = max(0, channelMeanSquare - group.mean * group.mean)
        group.variance = max(0, a.meanSquare * x.meanSquare - channelMeanSquare)
        group.law.rectifiedPart *= a.mean
        return group
    }

    /// Relative variance of s′ = α²s + β²s_F, the variance of the Gaussian part of an element, within a sample that keeps
    /// its branch: what differs from sample to sample is `lengthVariance`.
    private static func mixing(
        _ x: ChannelGroup, _ branch: ChannelGroup, _ modulation: PathModulation, _ stem: StemLaw
    ) -> Double {
        guard modulation.nodes.count > 1 || x.law.mixing > 0 else { return 0 }
        let part = x.law.rectifiedPart
        let own = max(0, x.variance - part * part * stem.variance)
        var (mean, square) = (0.0, 0.0)
        for node in modulation.nodes {
            let (a, b) = (node.shortcut * node.shortcut, node.branch * node.branch)
            let value = a * own + b * branch.variance
            mean += node.weight * value
            square += node.weight * (value * value + a * a * own * own * x.law.mixing)
        }
        return mean > 0 ? square / (mean * mean) - 1 : 0
    }
}
