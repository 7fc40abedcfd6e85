/// One residual unit as a prediction sees it: moments of x_{l+1} from those of x_l, and the energy maps of H, J
/// and D (Eqn. 1, 2).
struct UnitMoments {
    let output: SignalMoments
    let pullbacks: UnitPullbacks
    /// E[F̂²]/E[y²]: what share of the next signal this unit's branch makes.
    let branchShare: Double
}

/// The energy maps of a unit's derivatives.
struct UnitPullbacks: Sendable {
    let shortcut: any EnergyPullback
    let branch: any EnergyPullback
    let after: any EnergyPullback
    /// Variance over weights of ln of the energy that passes through branch and shortcut (`SeedSpread`).
    let branchSpread: Double
    let shortcutSpread: Double
}
