/// (BN, activation) of elements whose law is on a grid: their moments, and how much of a cotangent's energy comes to which
/// place.
///
/// A ReLU behind BN passes what lies above its channel's mean, less than half of a skewed law. Where the walk then keeps such
/// elements and drops the others, as gelu does, the mean over all places would lose what is kept.
struct TabulatedActivation {
    /// By group; `nil` where the element's law is not on a grid.
    let moments: [ActivationMoments?]
    /// E[φ′² | t] over E φ′².
    let shares: [[Double]?]

    /// - Parameters:
    ///   - x: what the layers read.
    ///   - places: x at the nodes of the grid.
    init(
        of activation: any Activation, isNormalized: Bool, x: SignalMoments, places: ElementFunction
    ) {
        var (moments, shares) = ([ActivationMoments?](), [[Double]?]())
        for group in x.groups {
            guard let law = group.law.grid, group.variance > 0 else {
                moments.append(nil)
                shares.append(nil)
                continue
            }
            // Given x, what BN leaves of it is not known but for its channel's mean m: as of Gaussian x − m and m it is
            // N((x − E x)·√v/(v + E m²), E m²/(v + E m²)).
            let around = law.grid.step * law.grid.step / 6
            let total = group.variance + group.randomMean
            let factor = isNormalized ? group.variance.squareRoot() / total : 1
            let (centre, rest) =
                isNormalized
                ? (group.mean, group.randomMean / total + factor * factor * around) : (0, around)
            var sum = ActivationMoments(mean: 0, meanSquare: 0, slopeEnergy: 0, meanSlope: 0)
            var slopes = Array(repeating: 0.0, count: law.masses.count)
            for (node, mass) in law.masses.enumerated() where mass > 1e-10 {
                let term = activation.partMoments(
                    mean: factor * (places.values[node] - centre), variance: rest)
                sum.mean += mass * term.mean
                sum.meanSquare += mass * term.meanSquare
                sum.slopeEnergy += mass * term.slopeEnergy
                sum.meanSlope += mass * term.meanSlope
                slopes[node] = term.slopeEnergy
            }
            moments.append(sum)
            let mean = sum.slopeEnergy
            shares.append(mean > 0 ? slopes.map { $0 / mean } : nil)
        }
        (self.moments, self.shares) = (moments, shares)
    }
}

/// (BN, activation)ᵀ place by place.
struct PlacedPullback: EnergyPullback {
    let inner: any EnergyPullback
    /// Of `TabulatedActivation`.
    let shares: [[Double]?]

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        var result = inner.pull(cotangent)
        for (index, shares) in shares.enumerated() {
            guard let shares else { continue }
            let energy = result.groups[index].energy
            result.groups[index].conditional = shares.map { energy * $0 }
        }
        return result
    }
}
