/// Everything one analysis measured. Reports are pure functions of this value and a `RunManifest`.
public struct AnalysisResult: Sendable, Equatable {
    public var network: NetworkSummary
    /// Softmax cross-entropy, mean over the batch; `nil` when the forward pass left the range of its type.
    public var loss: Double?
    /// The first l whose x_l holds a value that is not finite; `nil` when all are finite. L + 1 names the head.
    public var firstNonFiniteUnit: Int?
    /// The first l at which a path of the unit is smaller than its type can hold while the other is exactly 0 in places:
    /// what is lost there reads as 0, and derivatives of a ReLU that stands there are those at 0.
    public var firstUnderflowUnit: Int?
    /// The largest l at which the direct term is exactly 0 although g_L is not (dropout kills it); else `nil`.
    public var directVanishesAtUnit: Int?
    /// The shortcut product is an expectation (dropout), not a measured product.
    public var shortcutProductIsExpectation: Bool
    /// L + 1 rows.
    public var units: [UnitMeasurement]
    public var probes: [ProbeMeasurement]
    public var checks: [IdentityCheck]
    public var verdict: Verdict
    /// What was measured beyond the sweeps; `nil` where nothing was asked for.
    public var measurements: MeasurementResults?
    /// What the model is, and what the measurement left out of it, in sentences.
    public var remarks: [String] = []
    /// The measurement held against theory, quantity by quantity; empty where that was not asked for.
    public var theory: [QuantityVerdict] = []

    public init(
        network: NetworkSummary, loss: Double?, firstNonFiniteUnit: Int?, directVanishesAtUnit: Int?,
        shortcutProductIsExpectation: Bool, units: [UnitMeasurement], probes: [ProbeMeasurement],
        checks: [IdentityCheck], verdict: Verdict
    ) {
        self.network = network
        self.loss = loss
        self.firstNonFiniteUnit = firstNonFiniteUnit
        self.directVanishesAtUnit = directVanishesAtUnit
        self.shortcutProductIsExpectation = shortcutProductIsExpectation
        self.units = units
        self.probes = probes
        self.checks = checks
        self.verdict = verdict
    }

    /// All checks that apply hold.
    public var allChecksHold: Bool { checks.allSatisfy { $0.passed != false } }

    /// Decimal digits of x_L that the run's rounding leaves; `nil` without probes. See `RoundingGrowth`.
    public var digitsLeft: Double? { units.last?.digitsLeft }

    /// The first l with less than one digit left; `nil` if there is none, and without probes.
    public var horizon: Int? {
        units.first { $0.digitsLeft.map { $0 < RoundingGrowth.fewestDigits } ?? false }?.unit
    }

    /// Whether every value could be had: nothing left the range of its numbers.
    public var isComplete: Bool {
        firstNonFiniteUnit == nil
            && units.allSatisfy { unit in
                ![
                    unit.gradient, unit.direct, unit.throughWeights, unit.stageDirect,
                    unit.stageThroughWeights,
                ]
                .contains(.notFinite)
            }
    }
}
