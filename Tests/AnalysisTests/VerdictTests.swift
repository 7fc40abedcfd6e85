import Foundation
import Tensors
import Testing

@testable import Analysis

@Suite("Verdict")
struct VerdictTests {
    /// Rows l = 0 … `units` whose logarithms are straight lines from x_L downwards.
    private func verdict(
        units last: Int = 10, top: Double = -1, direct: (Int) -> Double?, through: (Int) -> Double?,
        total: (Int) -> Double?,
        nonFinite: Int? = nil
    ) -> Verdict {
        let rows = (0...last).map { l in
            var row = UnitMeasurement(unit: l, stage: 1, channels: 4)
            let climbed = last - l
            row.direct = LogNorm(direct(climbed).map { top + $0 })
            row.throughWeights = LogNorm(climbed == 0 ? nil : through(climbed).map { top + $0 })
            row.gradient = LogNorm(total(climbed).map { top + $0 })
            return row
        }
        let vanishes = rows.last {
            $0.directLog10 == nil && nonFinite == nil && rows.last?.gradientLog10 != nil
        }?.unit
        return VerdictWriter(units: rows, firstNonFiniteUnit: nonFinite, directVanishesAtUnit: vanishes)
            .verdict()
    }

    /// Beyond the horizon neither values nor gradients can be compared; what was lost to underflow cannot at all.
    @Test func saysWhatCanBeCompared() {
        var rows = (0...4).map { l in
            var row = UnitMeasurement(unit: l, stage: 1, channels: 4)
            (row.gradient, row.direct, row.digitsLeft) = (.log10(0), .log10(0), 7 - 2 * Double(l))
            return row
        }
        func sentence(underflows: Bool = false) -> String? {
            VerdictWriter(
                units: rows, firstNonFiniteUnit: nil, directVanishesAtUnit: nil, precision: "single",
                directIsExact: true, underflows: underflows
            ).verdict().sentences.first { $0.lowercased().contains("rounding") }
        }
        #expect(sentence()?.hasPrefix("From x_4 on rounding in single precision decides") == true)
        #expect(
            sentence()?.contains("within each stage the direct term relative to the gradient at its end, ")
                == true)
        rows[4].digitsLeft = 2
        #expect(sentence()?.hasPrefix("Rounding in single precision leaves 2.0 digits of x_4") == true)
        #expect(sentence(underflows: true) == nil)
        rows[4].digitsLeft = nil
        #expect(sentence() == nil)
    }

    @Test func weightsCarryWhatTheShortcutsLose() {
        let verdict = verdict(
            direct: { -0.301 * Double($0) }, through: { 0.2 * Double($0) }, total: { 0.2 * Double($0) })
        #expect(verdict.carrier == .weights)
        #expect(abs((verdict.directLog10PerUnit ?? 0) + 0.301) < 1e-12)
        #expect(abs((verdict.gradientLog10PerUnit ?? 0) - 0.2) < 1e-12)
        // 10^(−1−3.01) and 10^(−1+2).
        #expect(verdict.sentences.count == 3)
        #expect(verdict.shortcutPath == .attenuated && verdict.concern == .doubtful)
        #expect(abs((verdict.shortcutDecades ?? 0) + 3.01) < 1e-12)
        #expect(verdict.headline == "The shortcuts lose 3.0 decades over 10 units: the direct term is 9.8e−5")
        #expect(
            verdict.sentences[0]
                == "The direct term decays by 0.3010 decades a unit (a factor of 0.500, one of e in 1.44 units): "
                + "over 10 units it goes from 0.100 to 9.8e−5.")
        #expect(
            verdict.sentences[1]
                == "The weights carry the gradient at x_0: direct term 9.8e−5, through weights 10.0.")
        #expect(
            verdict.sentences[2]
                == "The whole gradient is 100 times larger at x_0 than at x_L, a factor of e in 2.17 units. The total alone hides what happened to the direct term."
        )
    }

    @Test func shortcutsCarryUndiminished() {
        let verdict = verdict(direct: { _ in 0 }, through: { _ in -2 }, total: { _ in 0.001 })
        #expect(verdict.carrier == .shortcuts)
        #expect(verdict.shortcutPath == .intact && verdict.concern == .sound)
        #expect(verdict.headline == "The shortcuts deliver the gradient whole (0.00 decades a unit)")
        #expect(
            verdict.sentences[0]
                == "The direct term keeps its norm: over 10 units it goes from 0.100 to 0.100.")
        #expect(verdict.sentences[1].hasPrefix("The shortcuts carry the gradient at x_0"))
        #expect(!verdict.sentences[2].contains("hides"))
    }

    @Test func bothCarryWhereNeitherIsTenTimesTheOther() {
        let both = verdict(direct: { _ in 0 }, through: { _ in 0.99 }, total: { _ in 1 })
        #expect(both.carrier == .both)
        #expect(both.sentences[1].hasPrefix("Both paths carry the gradient"))
        #expect(verdict(direct: { _ in 0 }, through: { _ in 1 }, total: { _ in 1 }).carrier == .weights)
        #expect(verdict(direct: { _ in 1 }, through: { _ in 0 }, total: { _ in 1 }).carrier == .shortcuts)
    }

    @Test func directTermOfExactlyZero() {
        let verdict = verdict(
            direct: { $0 > 3 ? nil : -0.3 * Double($0) }, through: { 0.1 * Double($0) },
            total: { 0.1 * Double($0) })
        #expect(verdict.carrier == .weights)
        #expect(verdict.shortcutPath == .dead && verdict.concern == .grave)
        #expect(verdict.headline == "The shortcuts deliver exactly 0 to x_6 and below")
        #expect(
            verdict.sentences[0]
                == "From x_10 down to x_7 the direct term goes from 0.100 to 0.0126, and below it is exactly 0."
        )
        #expect(verdict.sentences[1].contains("the shortcuts deliver exactly 0"))
        // What it did before it died is no slope.
        #expect(verdict.directLog10PerUnit == nil && verdict.shortcutDecades == nil)
    }

    @Test func shortcutsAloneAndNothing() {
        let alone = verdict(direct: { _ in 0 }, through: { _ in nil }, total: { _ in 0 })
        #expect(alone.carrier == .shortcuts)
        #expect(alone.sentences[1].hasPrefix("The shortcuts alone carry"))
        let nothing = verdict(direct: { _ in nil }, through: { _ in nil }, total: { _ in nil })
        #expect(nothing.carrier == .neither)
        #expect(nothing.sentences[0] == "No gradient reaches x_0.")
        #expect(nothing.shortcutPath == nil && nothing.concern == nil)
        #expect(nothing.headline == "The shortcut path was not measured: there is no gradient at x_10")
        #expect(nothing.directLog10PerUnit == nil && nothing.gradientLog10PerUnit == nil)
    }

    @Test func growingDirectTerm() {
        let verdict = verdict(direct: { 0.5 * Double($0) }, through: { _ in 0 }, total: { 0.5 * Double($0) })
        #expect(
            verdict.headline
                == "The shortcuts blow the gradient up by 5.0 decades over 10 units: the direct term is 1.0e4"
        )
        #expect(verdict.shortcutPath == .exploding && verdict.concern == .doubtful)
        #expect(
            verdict.sentences[0].contains(
                "grows by 0.5000 decades a unit (a factor of 3.16, one of e in 0.869 units)"))
    }

    @Test func overflowSaysWhereAndNothingElse() {
        let inside = verdict(direct: { _ in nil }, through: { _ in nil }, total: { _ in nil }, nonFinite: 4)
        #expect(inside.carrier == .neither)
        // Not measured is not 0.
        #expect(inside.shortcutPath == nil && inside.shortcutDecades == nil && inside.concern == nil)
        #expect(inside.headline.contains("was not measured: the forward pass leaves the range"))
        #expect(
            inside.sentences.count == 1
                && inside.sentences[0].contains("the first non-finite value is at unit 4"))
        let head = verdict(direct: { _ in nil }, through: { _ in nil }, total: { _ in nil }, nonFinite: 11)
        #expect(head.sentences[0].contains("in the head"))
    }

    /// A network of one or two units has too few rows for a slope, and still a verdict.
    @Test(arguments: [1, 2])
    func shallowNetworks(units: Int) {
        let verdict = verdict(
            units: units, direct: { -0.3 * Double($0) }, through: { _ in 0 }, total: { _ in 0.1 })
        #expect(verdict.carrier == .both)
        #expect((verdict.directLog10PerUnit == nil) == (units == 1))
        #expect(verdict.sentences.allSatisfy { !$0.contains("nan") && !$0.contains("inf") })
    }

    /// Numbers far outside every range are written, not computed.
    @Test func sizesBeyondTheRange() {
        let verdict = verdict(
            units: 1000, direct: { -1.0 * Double($0) }, through: { 1.0 * Double($0) },
            total: { 1.0 * Double($0) })
        #expect(verdict.sentences[1].contains("direct term 1.0e−1001, through weights 1.0e999"))
        #expect(verdict.sentences[2].contains("1.0e1000 times larger"))
        #expect(verdict.sentences.allSatisfy { !$0.contains("nan") && !$0.contains("inf") })
    }

    /// Changes of size are apart from what the shortcuts do: a stage of six rows, one of five, and 0.4 decades between.
    @Test(arguments: [0, -0.05, -0.301, -0.9, 0.4])
    func changesOfSizeDoNotCount(slope: Double) throws {
        let rows = (0...10).map { l in
            var row = UnitMeasurement(unit: l, stage: l < 6 ? 1 : 2, channels: 4)
            row.gradient = .log10(-1)
            row.direct = .log10(-1 + slope * Double(l < 6 ? 9 - l : 10 - l) - (l < 6 ? 0.4 : 0))
            return row
        }
        let change = try #require(ShortcutChange(rows))
        #expect(abs(change.decadesPerUnit - slope) < 1e-12 && abs(change.decades - 10 * slope) < 1e-12)
        // The unit between the stages changes the norm by 0.4 in place of the slope.
        #expect(abs(change.decadesOfSizeChanges - (-0.4 - slope)) < 1e-12)
    }

    /// The bounds of the words.
    @Test(arguments: [
        (0.0, ShortcutPath.intact), (-1, .intact), (-1.01, .attenuated), (-6, .attenuated),
        (-6.01, .vanished),
        (1, .intact), (1.01, .exploding), (50, .exploding),
    ])
    func words(decades: Double, path: ShortcutPath) { #expect(ShortcutPath(decades: decades) == path) }
}
