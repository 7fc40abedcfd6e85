import Foundation

/// The backward sweep of a prediction: energies of the whole gradient g, of the direct term d and of the
/// through-weights term w, each with its own logarithm beside it.
///
/// g_l = (H + J)ᵀDᵀg_{l+1}. Over the sign of the branch's last weights Hᵀ and Jᵀ are uncorrelated, so energies add:
/// E‖g_l‖² = E‖HᵀDᵀg‖² + E‖JᵀDᵀg‖², and likewise E‖g‖² = E‖d‖² + E‖w‖².
struct BackwardPrediction {
    /// When dropout has killed every element of the direct term.
    struct Survival {
        /// ln of the samples in the batch.
        let logElements: Double
        /// ln of the share of elements that each unit keeps.
        let logKept: [Double]

        /// Variance of ln energy that so few elements leave: E x⁴/(E x²)² over their number. That is 3 of a Gaussian,
        /// twice as much behind a mask of ½, and more where samples and channels are unequal: 16 was seen.
        static func scatter(logSurvivors: Double) -> Double { 16 * exp(-logSurvivors) }
    }

    let pullbacks: [UnitPullbacks]
    let top: GradientMoments
    let topSignal: SignalMoments
    let survival: Survival?

    func trace(rows: [PredictedUnit], seeds: Int, medianFactor: Double) -> PredictedTrace {
        var rows = rows
        var direct = normalized(top)
        var through: GradientMoments?
        var jacobian = normalized(GradientMoments(uniform: 1, like: topSignal))
        var shares = Array(repeating: 0.0, count: pullbacks.count)
        var (scatter, directScatter, logKept) = (0.0, 0.0, 0.0)
        record(&rows[pullbacks.count], direct, direct, nil)
        for l in pullbacks.indices.reversed() {
            let unit = pullbacks[l]
            let directAfter = unit.after.pull(direct)
            let throughAfter = through.map(unit.after.pull)
            let branch = unit.branch.pull(throughAfter.map { directAfter + $0 } ?? directAfter)
            let directPassed = unit.shortcut.pull(directAfter)
            let throughPassed = throughAfter.map(unit.shortcut.pull)
            shares[l] = Self.share(branch, throughPassed.map { directPassed + $0 } ?? directPassed)
            direct = normalized(directPassed)
            let weights = normalized(throughPassed.map { $0 + branch } ?? branch)
            through = weights
            let above = unit.after.pull(jacobian)
            jacobian = normalized(unit.shortcut.pull(above) + unit.branch.pull(above))
            scatter += shares[l] * shares[l] * unit.branchSpread + (1 - shares[l]) * unit.shortcutSpread
            directScatter += unit.shortcutSpread
            record(&rows[l], direct + weights, direct, weights)
            rows[l].gradientDeviation = scatter.squareRoot() / (2 * log(10)) * medianFactor
            var directVariance = directScatter
            if let survival {
                let elements = Double(rows[l].channels * topSignal.profile.side * topSignal.profile.side)
                logKept += survival.logKept[l]
                // ln of the elements that are expected to live.
                let survivors = survival.logElements + log(elements) + logKept
                if survivors < 0 { rows[l].directLog10 = nil }
                directVariance += Survival.scatter(logSurvivors: survivors)
            }
            rows[l].directDeviation = directVariance.squareRoot() / (2 * log(10)) * medianFactor
        }
        return PredictedTrace(
            units: rows, pathLengths: PathLengthDistribution(branchShares: shares),
            meanSquaredSingularValueLog10: meanSquaredSingularValue(jacobian), seeds: seeds)
    }

    private func normalized(_ gradient: GradientMoments) -> GradientMoments {
        var copy = gradient
        copy.rescale()
        return copy
    }

    private func record(
        _ row: inout PredictedUnit, _ total: GradientMoments, _ direct: GradientMoments,
        _ through: GradientMoments?
    ) {
        let reference = top.logTotal
        func decades(_ gradient: GradientMoments?) -> Double? {
            guard let gradient, gradient.logTotal.isFinite else { return nil }
            return (gradient.logTotal - reference) / (2 * log(10))
        }
        row.gradientLog10 = decades(total)
        row.directLog10 = decades(direct)
        row.throughWeightsLog10 = decades(through)
    }

    /// a/(1 + a), a the branch's energy over the shortcut's.
    private static func share(_ branch: GradientMoments, _ shortcut: GradientMoments) -> Double {
        let (a, b) = (branch.logTotal, shortcut.logTotal)
        guard a > -.infinity else { return 0 }
        return 1 / (1 + exp(b - a))
    }

    /// ‖J‖_F² = E‖Jᵀu‖² for u ~ N(0, I), over the number of singular values, the smaller of the two sizes.
    private func meanSquaredSingularValue(_ jacobian: GradientMoments) -> Double? {
        guard jacobian.logTotal.isFinite else { return nil }
        func size(_ channels: Double, _ side: Int) -> Double { channels * Double(side * side) }
        let smaller = min(
            size(jacobian.channels, jacobian.profile.side),
            size(topSignal.channels, topSignal.profile.side))
        return (jacobian.logTotal - log(smaller)) / log(10)
    }
}
