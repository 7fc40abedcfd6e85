/// A layer as a prediction sees it: moments in, moments out, with the energy map of its transposed derivative.
/// The counterpart of an `Operator`, with weights averaged over instead of drawn.
protocol MomentMap: Sendable {
    func linearize(_ x: SignalMoments) -> LinearizedMoments
}

/// The moments of a value, and what the pull-back does to a cotangent's energy.
struct LinearizedMoments: Sendable {
    var value: SignalMoments
    var pullback: any EnergyPullback
}

/// E‖Jᵀu‖² from E‖u‖², by group and position.
protocol EnergyPullback: Sendable {
    func pull(_ cotangent: GradientMoments) -> GradientMoments
}

/// x ↦ x.
struct IdentityPullback: EnergyPullback {
    func pull(_ cotangent: GradientMoments) -> GradientMoments { cotangent }
}

/// Layers one after another.
struct MomentSequence: MomentMap {
    let maps: [any MomentMap]

    func linearize(_ x: SignalMoments) -> LinearizedMoments {
        var value = x
        var links: [any EnergyPullback] = []
        for map in maps {
            let linearized = map.linearize(value)
            value = linearized.value
            links.append(linearized.pullback)
        }
        return LinearizedMoments(value: value, pullback: ChainedPullback(links: links))
    }
}

struct ChainedPullback: EnergyPullback {
    let links: [any EnergyPullback]

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        links.reversed().reduce(cotangent) { $1.pull($0) }
    }
}
