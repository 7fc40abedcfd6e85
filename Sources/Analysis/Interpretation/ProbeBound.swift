import Kernels

/// What rounding may leave of a probe's two inner products, relative to the larger.
///
/// Two sweeps round independently. Where the terms of the inner product do not cancel much, a flat number of
/// roundings covers them; where they do, a few roundings of the largest term. In 1000 random narrow stacks of either
/// precision and 150 convolutional networks in Float, errors stayed below 3.4·√(L+1) of these. The exceptions are two
/// of the stacks, in which both vectors cancel inside a unit, where no norm is taken.
struct ProbeBound {
    /// ε·√(L+1).
    let walk: Double

    init<Scalar: KernelScalar>(precision: Scalar.Type, rows: Int) {
        walk = Double(Scalar.ulpOfOne) * Double(rows).squareRoot()
    }

    init(walk: Double) { self.walk = walk }

    static let roundings = 256.0
    static let roundingsOfTerm = 8.0
    /// A wrong derivative misses by a good part of 1; beyond this, rounding might too.
    static let widest = 0.05

    var plain: Double { Self.roundings * walk }

    /// A probe, given its condition number. One that agrees to within the plain bound has told, however it cancels:
    /// no mistake would hide so well.
    func hold(unit: Int, error: Double, condition: Double?) -> HeldError {
        let bound = max(plain, Self.roundingsOfTerm * walk * (condition ?? 1))
        if error <= plain { return HeldError(unit: unit, error: error, bound: min(bound, Self.widest)) }
        return HeldError(unit: unit, error: error, bound: bound, isTelling: bound <= Self.widest)
    }

    /// Whether every error of a probe tells, and is within its bound.
    func settles(_ probe: ProbeMeasurement) -> Bool {
        [
            (probe.probeErrorDirect, probe.probeConditionDirect),
            (probe.probeErrorTotal, probe.probeConditionTotal),
            (probe.probeErrorThroughWeights, probe.probeConditionThroughWeights),
        ].allSatisfy { error, condition in
            guard let error else { return true }
            let held = hold(unit: probe.unit, error: error, condition: condition)
            return held.isTelling && held.isWithinBound
        }
    }
}
