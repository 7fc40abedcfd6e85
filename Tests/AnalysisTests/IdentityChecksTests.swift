import Kernels
import Testing

@testable import Analysis

@Suite("Checks of identities")
struct IdentityChecksTests {
    private func checks<Scalar: KernelScalar>(
        _ units: [UnitMeasurement], probes: [ProbeMeasurement] = [], firstNonFinite: Int? = nil,
        in precision: Scalar.Type = Scalar.self
    ) -> [String: IdentityCheck] {
        let all = IdentityChecks(
            precision: Scalar.self, units: units, probes: probes, firstNonFiniteUnit: firstNonFinite
        ).all
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }

    private func rows(_ errors: [Double?]) -> [UnitMeasurement] {
        errors.enumerated().map { l, error in
            var row = UnitMeasurement(unit: l, stage: 1, channels: 4)
            row.decompositionError = error
            return row
        }
    }

    @Test func worstErrorAndItsUnit() throws {
        let sum = try #require(checks(rows([1e-16, 3e-15, nil, 0]), in: Double.self)["sum"])
        #expect(sum.passed == true && sum.worstError == 3e-15 && sum.worstUnit == 1)
    }

    @Test func whatWasNotMeasuredIsNeitherPassedNorFailed() throws {
        let checks = checks(rows([nil, nil]), in: Double.self)
        for name in ["sum", "probe_direct", "probe_total", "probe_loss", "forward_identity"] {
            let check = try #require(checks[name])
            #expect(check.passed == nil && check.worstError == nil && check.worstUnit == nil)
            #expect(!check.statement.isEmpty && !check.toleranceReason.isEmpty && check.tolerance > 0)
        }
        #expect(checks["finite"]?.passed == true)
    }

    @Test func overflowFailsTheFirstCheck() {
        let finite = checks(rows([0]), firstNonFinite: 7, in: Double.self)["finite"]
        #expect(finite?.passed == false && finite?.worstUnit == 7)
    }

    /// An error that is not a number must not pass for lack of an order.
    @Test(arguments: [Double.infinity, .nan])
    func nonFiniteErrorsFail(error: Double) throws {
        for errors in [[0, error, 0], [error, 0, 0], [0, 0, error], [error]] {
            #expect(checks(rows(errors), in: Double.self)["sum"]?.passed == false, "\(errors)")
        }
        let probes = [
            ProbeMeasurement(unit: 0, probeErrorTotal: 0), ProbeMeasurement(unit: 1, probeErrorTotal: error),
        ]
        #expect(checks(rows([0]), probes: probes, in: Double.self)["probe_total"]?.passed == false)
        #expect(checks(rows([0]), probes: probes.reversed(), in: Double.self)["probe_total"]?.passed == false)
    }

    private func probe(_ unit: Int, _ error: Double, condition: Double) -> ProbeMeasurement {
        ProbeMeasurement(unit: unit, probeErrorTotal: error, probeConditionTotal: condition)
    }

    /// An inner product that cancels rounds by its terms; the worst probe is the one nearest to its own bound.
    @Test func conditionWidensTheBoundOfItsProbe() throws {
        let probes = [probe(0, 1e-9, condition: 1e8), probe(1, 4e-14, condition: 2)]
        let total = try #require(checks(rows([0]), probes: probes, in: Double.self)["probe_total"])
        #expect(total.passed == true && total.worstUnit == 1 && total.worstError == 4e-14)
        #expect(total.tolerance == 256 * Double.ulpOfOne)
        let missed = [probe(0, 1e-9, condition: 1e4), probe(1, 4e-14, condition: 2)]
        let failed = try #require(checks(rows([0]), probes: missed, in: Double.self)["probe_total"])
        #expect(failed.passed == false && failed.worstUnit == 0)
        #expect(abs(failed.tolerance / (8e4 * Double.ulpOfOne) - 1) < 1e-12)
    }

    /// Where rounding may reach 5 % a probe neither holds nor fails, unless it agrees all the same.
    @Test func roundingMayHideTheAnswer() throws {
        let hidden = probe(0, 0.3, condition: 1e15)
        let alone = try #require(checks(rows([0]), probes: [hidden], in: Double.self)["probe_total"])
        #expect(alone.passed == nil && alone.worstError == 0.3 && alone.tolerance > 1)
        #expect(alone.toleranceReason.contains("1 of 1 probes cannot tell"))
        let beside = [hidden, probe(1, 1e-15, condition: 1e15)]
        let both = try #require(checks(rows([0]), probes: beside, in: Double.self)["probe_total"])
        #expect(both.passed == true && both.worstUnit == 1)
        #expect(both.toleranceReason.contains("1 of 2 probes cannot tell"))
        let wrong = beside + [probe(2, 1e-3, condition: 10)]
        #expect(checks(rows([0]), probes: wrong, in: Double.self)["probe_total"]?.passed == false)
    }

    /// Bounds follow the precision and the square root of the number of units.
    @Test func boundsScaleWithPrecisionAndDepth() throws {
        let single = try #require(checks(rows([0]), in: Float.self)["sum"])
        let double = try #require(checks(rows([0]), in: Double.self)["sum"])
        let deep = try #require(checks(rows(Array(repeating: 0, count: 100)), in: Double.self)["sum"])
        #expect(single.tolerance / double.tolerance == 0x1p29)
        #expect(abs(deep.tolerance / double.tolerance - 10) < 1e-12)
        #expect(checks(rows([2 * double.tolerance]), in: Double.self)["sum"]?.passed == false)
        #expect(checks(rows([double.tolerance]), in: Double.self)["sum"]?.passed == true)
    }

    @Test func oneFailureFailsTheWhole() {
        func result(_ passed: [Bool?]) -> Bool {
            let checks = passed.map {
                IdentityCheck(
                    name: "n", statement: "s", worstError: nil, worstUnit: nil, tolerance: 1,
                    toleranceReason: "r",
                    passed: $0)
            }
            let network = NetworkSummary(
                architecture: "dense", depth: 3, units: 1, parameters: 0, unit: "u", block: "b",
                shortcut: "s",
                classes: 2, stages: [], expectedMemory: 0)
            return AnalysisResult(
                network: network, loss: nil, firstNonFiniteUnit: nil, directVanishesAtUnit: nil,
                shortcutProductIsExpectation: false, units: [], probes: [], checks: checks,
                verdict: Verdict(carrier: .neither, headline: "", sentences: [])
            ).allChecksHold
        }
        #expect(result([true, nil, true]))
        #expect(result([]))
        #expect(!result([true, false, nil]))
    }

    @Test func relativeDifferencesAcrossTheRange() throws {
        #expect(relativeDifference(ScaledNumber(0, exponent: 3), ScaledNumber(0, exponent: -9)) == nil)
        #expect(relativeDifference(ScaledNumber(1, exponent: -9000), ScaledNumber(2, exponent: -9001)) == 0)
        #expect(relativeDifference(ScaledNumber(1, exponent: 0), ScaledNumber(0, exponent: 0)) == 1)
        #expect(relativeDifference(ScaledNumber(1, exponent: 9000), ScaledNumber(1, exponent: 0)) == 1)
        #expect(relativeDifference(ScaledNumber(1, exponent: 0), ScaledNumber(-1, exponent: 0)) == 2)
        #expect(
            relativeDifference(ScaledNumber(.nan, exponent: 0), ScaledNumber(1, exponent: 0)) == .infinity)
        #expect(
            relativeDifference(ScaledNumber(1, exponent: 0), ScaledNumber(.infinity, exponent: 0))
                == .infinity)
        let close = try #require(
            relativeDifference(
                ScaledNumber(1e300, exponent: 50), ScaledNumber(1e300 * (1 + 1e-12), exponent: 50)))
        #expect(abs(close - 1e-12) < 1e-15)
    }
}
