import Foundation
import NumericalMethods

/// Says in words what the shortcut path delivers, which path carries the gradient, and what became of the whole.
struct VerdictWriter {
    let units: [UnitMeasurement]
    let firstNonFiniteUnit: Int?
    let directVanishesAtUnit: Int?
    /// Whether a wider type is to be had.
    var canWiden = false
    /// What the paper reports of the case.
    var paper: String?
    /// The run's precision, in a word.
    var precision = ""
    /// Whether within a stage d_l is ∏λ times the gradient at its end, whatever the forward pass was: every h is a
    /// scaling, and every f the identity. Changes of size depend on the direction of the gradient.
    var directIsExact = false
    /// Whether a path was lost for being smaller than the type can hold: then the rows are not the network's own.
    var underflows = false

    func verdict() -> Verdict {
        var verdict = Verdict(carrier: carrier, headline: headline, sentences: [])
        verdict.shortcutPath = shortcutPath
        verdict.shortcutDecades = shortcutChange?.decades
        let direct = directVanishesAtUnit == nil ? slope(\.directLog10) : nil
        verdict.directLog10PerUnit = direct?.slope
        verdict.directLog10PerUnitStandardError = direct?.slopeStandardError
        let total = slope(\.gradientLog10)
        verdict.gradientLog10PerUnit = total?.slope
        verdict.gradientLog10PerUnitStandardError = total?.slopeStandardError
        verdict.sentences =
            firstNonFiniteUnit.map { [overflowSentence($0)] }
            ?? [
                directSentence(direct), carrierSentence, totalSentence(total), comparisonSentence, paper,
            ].compactMap { $0 }
        return verdict
    }

    private var shortcutChange: ShortcutChange? { firstNonFiniteUnit == nil ? ShortcutChange(units) : nil }

    private var shortcutPath: ShortcutPath? {
        guard firstNonFiniteUnit == nil else { return nil }
        return directVanishesAtUnit == nil
            ? shortcutChange.map { ShortcutPath(decades: $0.decades) } : .dead
    }

    private var headline: String {
        if firstNonFiniteUnit != nil {
            return "The shortcut path was not measured: the forward pass leaves the range of its numbers"
        }
        if let directVanishesAtUnit {
            return directVanishesAtUnit == 0
                ? "The shortcuts deliver exactly 0 to x_0"
                : "The shortcuts deliver exactly 0 to x_\(directVanishesAtUnit) and below"
        }
        guard let change = shortcutChange, let direct = bottom?.directLog10 else {
            let reason =
                top?.gradientLog10 == nil
                ? "there is no gradient at x_\(depth)" : "the direct term has no norm at every x_l"
            return "The shortcut path was not measured: \(reason)"
        }
        let decades = decades(change.decades)
        // Where changes of size are the larger part of what is lost, the headline says so.
        let sizes =
            abs(change.decadesOfSizeChanges) > ShortcutPath.soundDecades ? sizeClause(change) : ""
        switch ShortcutPath(decades: change.decades) {
        case .intact where abs(change.decades) < Self.leastDecades:
            return "The shortcuts deliver the gradient whole (0.00 decades a unit)\(sizes)"
        case .intact:
            let verb = change.decades < 0 ? "lose" : "add"
            return "The shortcuts deliver the gradient: they \(verb) \(decades) decades \(way)\(sizes)"
        case .attenuated, .vanished, .dead:
            return "The shortcuts lose \(decades) decades \(way): the direct term is \(power(direct))"
        case .exploding:
            return "The shortcuts blow the gradient up by \(decades) decades \(way): "
                + "the direct term is \(power(direct))"
        }
    }

    private func sizeClause(_ change: ShortcutChange) -> String {
        "; changes of size \(change.decadesOfSizeChanges < 0 ? "take" : "add") "
            + "\(decades(change.decadesOfSizeChanges)) decades"
    }

    private var bottom: UnitMeasurement? { units.first }
    private var top: UnitMeasurement? { units.last }
    private var depth: Int { units.count - 1 }

    /// One path carries the gradient where its part is ten times the other's.
    private var carrier: Verdict.Carrier {
        guard let bottom, bottom.gradientLog10 != nil else { return .neither }
        guard let direct = bottom.directLog10 else { return .weights }
        guard let through = bottom.throughWeightsLog10 else { return .shortcuts }
        if direct - through >= 1 { return .shortcuts }
        return through - direct >= 1 ? .weights : .both
    }

    private var carrierSentence: String? {
        guard let bottom, let total = bottom.gradientLog10 else { return "No gradient reaches x_0." }
        guard let direct = bottom.directLog10 else {
            return
                "The weights alone carry the gradient at x_0 (\(power(total))): the shortcuts deliver exactly 0."
        }
        guard let through = bottom.throughWeightsLog10 else {
            return "The shortcuts alone carry the gradient at x_0 (\(power(total)))."
        }
        let sizes = "direct term \(power(direct)), through weights \(power(through))"
        switch carrier {
        case .shortcuts: return "The shortcuts carry the gradient at x_0: \(sizes)."
        case .weights: return "The weights carry the gradient at x_0: \(sizes)."
        case .both, .neither: return "Both paths carry the gradient at x_0: \(sizes)."
        }
    }

    /// How the direct term fares on its way down, with changes of size apart.
    private func directSentence(_ fit: LinearFit?) -> String? {
        if let directVanishesAtUnit {
            guard let top = top?.directLog10, directVanishesAtUnit + 1 < depth,
                let last = units[directVanishesAtUnit + 1].directLog10
            else { return nil }
            return "From x_\(depth) down to x_\(directVanishesAtUnit + 1) the direct term goes from "
                + "\(power(top)) to \(power(last)), and below it is exactly 0."
        }
        guard let change = shortcutChange, let top = top?.directLog10, let bottom = bottom?.directLog10
        else { return nil }
        let rate =
            if let fit, abs(fit.slope) >= Self.leastSlope {
                "\(fit.slope < 0 ? "decays" : "grows") by \(String(format: "%.4f", abs(fit.slope))) decades a unit "
                    + "(a factor of \(decimal(pow(10, fit.slope))), one of e in \(decimal(eFold(fit))) units)"
            } else if abs(change.decades) < Self.leastDecades {
                "keeps its norm"
            } else {
                change.decades < 0 ? "decays" : "grows"
            }
        let sizes =
            abs(change.decadesOfSizeChanges) < Self.leastDecades ? "" : sizeClause(change)
        return "\(stageCount > 1 ? "Within the stages the" : "The") direct term \(rate): \(way) it goes from "
            + "\(power(top)) to \(power(bottom))\(sizes)."
    }

    private var way: String { "over \(depth) unit\(depth == 1 ? "" : "s")" }

    /// Half a unit of the last digit that is printed of a slope, in decades a unit, and of decades in all.
    private static let leastSlope = 5e-5
    private static let leastDecades = 5e-3

    /// Units over which a quantity changes by a factor of e.
    private func eFold(_ fit: LinearFit) -> Double { 1 / abs(fit.slope * log(10)) }

    private func totalSentence(_ fit: LinearFit?) -> String? {
        guard let top = top?.gradientLog10, let bottom = bottom?.gradientLog10 else { return nil }
        let change = bottom - top
        let words = change < 0 ? "smaller" : "larger"
        let hidden =
            carrier == .weights && change > 0 && (units.first?.directLog10).map { $0 < top - 1 } ?? true
            ? " The total alone hides what happened to the direct term." : ""
        let rate =
            fit.flatMap {
                abs($0.slope) >= Self.leastSlope ? ", a factor of e in \(decimal(eFold($0))) units" : nil
            }
            ?? ""
        return
            "The whole gradient is \(power(abs(change))) times \(words) at x_0 than at x_L\(rate).\(hidden)"
    }

    /// What of the rows can be compared between implementations, machines and precisions (see `RoundingGrowth`).
    private var comparisonSentence: String? {
        guard !underflows, let left = top?.digitsLeft else { return nil }
        guard
            let horizon = units.first(where: {
                $0.digitsLeft.map { $0 < RoundingGrowth.fewestDigits } ?? false
            })?.unit
        else {
            return
                "Rounding in \(precision) precision leaves \(String(format: "%.1f", left)) digits of x_\(depth): rows can be "
                + "compared with another implementation’s to about that."
        }
        let direct =
            directIsExact ? "within each stage the direct term relative to the gradient at its end, " : ""
        return
            "From x_\(horizon) on rounding in \(precision) precision decides the forward values, and with them every "
            + "gradient: another implementation or machine may find others. What can be compared is x_l below x_\(horizon), "
            + "\(direct)slopes over the whole network, and medians over seeds."
    }

    private func overflowSentence(_ unit: Int) -> String {
        let place = unit > depth ? "in the head" : "at unit \(unit)"
        return "The forward pass leaves the range of its numbers: the first non-finite value is \(place); "
            + "no gradient can be measured." + (canWiden ? " Try --precision double." : "")
    }

    private var stageCount: Int { Set(units.map(\.stage)).count }

    /// Slope in decades a unit travelled downwards within the stages: one slope, and a level of its own for each
    /// stage, so that changes of size do not count as decay. `nil` with too few rows.
    private func slope(_ quantity: KeyPath<UnitMeasurement, Double?>) -> LinearFit? {
        var (x, y): ([Double], [Double]) = ([], [])
        for rows in Dictionary(grouping: units, by: \.stage).sorted(by: { $0.key < $1.key }).map(\.value) {
            let points = rows.compactMap { row in
                row[keyPath: quantity].map { (Double(depth - row.unit), $0) }
            }
            guard points.count > 1 else { continue }
            let count = Double(points.count)
            let meanX = points.reduce(0) { $0 + $1.0 } / count
            let meanY = points.reduce(0) { $0 + $1.1 } / count
            x += points.map { $0.0 - meanX }
            y += points.map { $0.1 - meanY }
        }
        return try? LinearFit(x: x, y: y)
    }

    /// 10^x in the usual notation, such as 3.2e−102.
    private func power(_ log10: Double) -> String {
        var exponent = log10.rounded(.down)
        var mantissa = (pow(10, log10 - exponent) * 10).rounded() / 10
        if mantissa >= 10 { (mantissa, exponent) = (1, exponent + 1) }
        if (-3...3).contains(exponent) { return decimal(pow(10, log10)) }
        return "\(mantissa)e\(Int(saturating: exponent))".replacingOccurrences(of: "-", with: "−")
    }

    /// Decades without their sign: two digits after the point below 1, one above.
    private func decades(_ value: Double) -> String {
        String(format: abs(value) < 0.995 ? "%.2f" : "%.1f", abs(value))
    }

    private func decimal(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return "\(value)" }
        let digits = max(0, 2 - Int(saturating: Foundation.log10(value).rounded(.down)))
        return String(format: "%.\(digits)f", value)
    }
}
