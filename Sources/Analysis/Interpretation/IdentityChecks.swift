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
        let noProbe = probes.isEmpty ? "no probe was asked for" : "no probe met a gradient that is not 0"
        let isSingle = epsilon > Double.ulpOfOne
        return [
            finite, sum.unlessEvaluated("there is no gradient that is finite and not 0"),
            probeDirect.unlessEvaluated(noProbe), probeTotal.unlessEvaluated(noProbe),
            probeThroughWeights.unlessEvaluated("no probe met a term through weights that is not 0"),
            probeLoss.unlessEvaluated(
                isSingle && !probes.isEmpty
                    ? "central differences of the loss need double precision" : noProbe),
            forwardIdentity.unlessEvaluated("it needs units with a linear h and f = identity"),
        ]
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
        probe(
            "probe_direct",
            "⟨d_l, v⟩ = ⟨g_L, ∏ D H v⟩, the direct term by forward mode (first term of Eqn. 5/8)",
            error: \.probeErrorDirect, condition: \.probeConditionDirect)
    }

    private var probeTotal: IdentityCheck {
        probe(
            "probe_total", "⟨g_l, v⟩ = ⟨g_L, ∏ D (H + J) v⟩, the whole gradient by forward mode (Eqn. 5/8)",
            error: \.probeErrorTotal, condition: \.probeConditionTotal)
    }

    private var probeThroughWeights: IdentityCheck {
        probe(
            "probe_through_weights",
            "⟨w_l, v⟩ = ⟨g_L, ∏ D (H + J) v − ∏ D H v⟩, the term through weights by forward mode (second term of Eqn. 5/8)",
            error: \.probeErrorThroughWeights, condition: \.probeConditionThroughWeights)
    }

    private func probe(
        _ name: String, _ statement: String, error: KeyPath<ProbeMeasurement, Double?>,
        condition: KeyPath<ProbeMeasurement, Double?>
    ) -> IdentityCheck {
        let bound = ProbeBound(walk: walk)
        let held = probes.compactMap { probe in
            probe[keyPath: error].map {
                bound.hold(unit: probe.unit, error: $0, condition: probe[keyPath: condition])
            }
        }
        let silent = held.count { !$0.isTelling }
        let reason =
            "256 roundings in \(rounding) times √(L+1), two sweeps that round independently; or 8 times the condition "
            + "number, where the inner product cancels"
        let silence =
            silent > 0
            ? "; \(silent) of \(held.count) probes cannot tell, rounding alone may reach 5 % of them" : ""
        return check(name, statement, held, otherwise: bound.plain, reason: reason + silence)
    }

    private var probeLoss: IdentityCheck {
        let tolerance = 1e-2
        let held = probes.compactMap { probe in
            (probe.probeErrorLoss ?? probe.probeKinkLoss).map {
                HeldError(
                    unit: probe.unit, error: $0, bound: tolerance, isTelling: probe.probeErrorLoss != nil)
            }
        }
        let silent = held.count { !$0.isTelling }
        let silence =
            silent > 0
            ? "; \(silent) of \(held.count) probes cannot tell, at a kink the loss has two slopes" : ""
        return check(
            "probe_loss", "⟨g_l, v⟩ = dE along v, by central differences of the loss", held,
            otherwise: tolerance,
            reason: "a step that changes the loss by 1e−6 … 1e−4 crosses some kinks of the rectifiers"
                + silence)
    }

    private var forwardIdentity: IdentityCheck {
        check(
            "forward_identity", "x_l = (∏ h)(x_s) + Σ F̂, the forward sum (Eqn. 4/7)",
            units.map { ($0.unit, $0.forwardIdentityError) }, tolerance: 64 * walk,
            reason: "64 roundings in \(rounding) times √(L+1): the same sum in another order")
    }

    /// Every error against one tolerance.
    private func check(
        _ name: String, _ statement: String, _ errors: [(unit: Int, error: Double?)], tolerance: Double,
        reason: String
    ) -> IdentityCheck {
        let held = errors.compactMap { unit, error in
            error.map { HeldError(unit: unit, error: $0, bound: tolerance) }
        }
        return check(name, statement, held, otherwise: tolerance, reason: reason)
    }

    /// Every error against its own bound. Those that tell decide; the others are shown only where none tells.
    private func check(
        _ name: String, _ statement: String, _ held: [HeldError], otherwise tolerance: Double, reason: String
    ) -> IdentityCheck {
        let telling = held.filter(\.isTelling)
        let worst = (telling.isEmpty ? held : telling).max { $0.share < $1.share }
        return IdentityCheck(
            name: name, statement: statement, worstError: worst?.error, worstUnit: worst?.unit,
            tolerance: worst?.bound ?? tolerance, toleranceReason: reason,
            passed: telling.isEmpty ? nil : telling.allSatisfy(\.isWithinBound))
    }
}

extension IdentityCheck {
    /// The check, and where it found nothing to evaluate, why.
    fileprivate func unlessEvaluated(_ reason: String) -> IdentityCheck {
        var check = self
        check.inapplicability = passed == nil && worstError == nil ? reason : nil
        return check
    }
}
