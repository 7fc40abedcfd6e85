import Kernels

/// Holds every measured identity against a bound that the arithmetic explains.
struct IdentityChecks {
    private let epsilon: Double
    private let rounding: String
    private let units: [UnitMeasurement]
    private let probes: [ProbeMeasurement]
    private let firstNonFiniteUnit: Int?

    init<Scalar: KernelScalar>(
        precision: Scalar.Type, units: [UnitMeasurement], probes: [ProbeMeasurement], firstNonFiniteUnit: Int?
    ) {
        epsilon = Double(Scalar.ulpOfOne)
        rounding = "\(Scalar.precisionName) precision"
        self.units = units
        self.probes = probes
        self.firstNonFiniteUnit = firstNonFiniteUnit
    }

    var all: [IdentityCheck] {
        [finite, sum, probeDirect, probeTotal, probeLoss, forwardIdentity]
    }

    /// √(L+1) roundings: they add up like a random walk over the units.
    private var walk: Double { epsilon * Double(units.count).squareRoot() }

    private var finite: IdentityCheck {
        IdentityCheck(
            name: "finite", statement: "every value of the forward pass is finite", worstError: nil,
            worstUnit: firstNonFiniteUnit, tolerance: 0, toleranceReason: "a finite pass has no exception",
            passed: firstNonFiniteUnit == nil)
    }

    private var sum: IdentityCheck {
        check(
            "sum", "g = d + w, the sum of the two paths (Eqn. 5/8)",
            units.map { ($0.unit, $0.decompositionError) }, tolerance: 64 * walk,
            reason: "64 roundings in \(rounding) times √(L+1): a few a unit, adding up like a random walk")
    }

    private var probeDirect: IdentityCheck {
        check(
            "probe_direct",
            "⟨d_l, v⟩ = ⟨g_L, ∏ D H v⟩, the direct term by forward mode (first term of Eqn. 5/8)",
            probes.map { ($0.unit, $0.probeErrorDirect) }, tolerance: probeTolerance, reason: probeReason)
    }

    private var probeTotal: IdentityCheck {
        check(
            "probe_total", "⟨g_l, v⟩ = ⟨g_L, ∏ D (H + J) v⟩, the whole gradient by forward mode (Eqn. 5/8)",
            probes.map { ($0.unit, $0.probeErrorTotal) }, tolerance: probeTolerance, reason: probeReason)
    }

    /// The sweeps up and down round independently, and the inner product with g_L cancels: by a factor of 5 to 10
    /// in the networks measured. A wrong derivative misses by a good part of 1.
    private var probeTolerance: Double { 256 * walk }
    private var probeReason: String {
        "256 roundings in \(rounding) times √(L+1): two sweeps round independently and the inner product with g_L "
            + "cancels in part"
    }

    private var probeLoss: IdentityCheck {
        check(
            "probe_loss", "⟨g_l, v⟩ = dE along v, by central differences of the loss",
            probes.map { ($0.unit, $0.probeErrorLoss) }, tolerance: 1e-2,
            reason: "a step that changes the loss by 1e−6 … 1e−4 crosses some kinks of the rectifiers")
    }

    private var forwardIdentity: IdentityCheck {
        check(
            "forward_identity", "x_l = (∏ h)(x_s) + Σ F̂, the forward sum (Eqn. 4/7)",
            units.map { ($0.unit, $0.forwardIdentityError) }, tolerance: 64 * walk,
            reason: "64 roundings in \(rounding) times √(L+1): the same sum in another order")
    }

    private func check(
        _ name: String, _ statement: String, _ errors: [(unit: Int, error: Double?)], tolerance: Double,
        reason: String
    ) -> IdentityCheck {
        // NaN has no order: as an error it is infinite.
        let worst = errors.compactMap { entry in entry.error.map { (entry.unit, $0.isNaN ? .infinity : $0) } }
            .max { $0.1 < $1.1 }
        return IdentityCheck(
            name: name, statement: statement, worstError: worst?.1, worstUnit: worst?.0, tolerance: tolerance,
            toleranceReason: reason, passed: worst.map { $0.1 <= tolerance })
    }
}
