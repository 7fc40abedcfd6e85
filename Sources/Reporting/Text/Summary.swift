import Analysis
import ResidualNetworks

/// The sentences and labels that terminal, Markdown and HTML share.
enum Summary {
    static func title(_ network: NetworkSummary, weights: WeightsProvenance? = nil) -> String {
        "Signal propagation through \(Quantity.counted(network.units, "residual unit"))"
            + (weights.map { ", \($0.clause)" } ?? "")
    }

    /// What was built, as pairs of a name and a value.
    static func design(_ network: NetworkSummary) -> [(name: String, value: String)] {
        let words = [
            ("architecture", network.architecture),
            ("depth", network.depth > 0 ? Quantity.grouped(network.depth) : ""), ("unit", network.unit),
            ("block", network.block), ("shortcut", network.shortcut),
        ]
        // A model of a file has no design to say all of them.
        return words.filter { !$0.1.isEmpty } + functions(network.functions)
    }

    /// h(x), its formula, and behind it the derivative and what learned numbers start from.
    static func functions(_ functions: [DesignFunction]) -> [(name: String, value: String)] {
        functions.map { function in
            (function.name, ([function.formula] + function.equations.dropFirst()).joined(separator: "; "))
        }
    }

    /// stage 2 · 128 ch · 16 × 16
    static func stage(_ stage: StageSummary) -> String {
        "stage \(stage.stage) · \(stage.channels) ch · \(stage.height) × \(stage.width)"
    }

    /// What must not be overlooked, most important first; empty when all is well.
    static func alerts(_ result: AnalysisResult) -> [String] {
        var alerts: [String] = []
        if let unit = result.firstNonFiniteUnit {
            let place = unit > result.network.units ? "in the head" : "at unit \(unit)"
            alerts.append(
                "First non-finite value \(place): the forward pass left the range of its number type.")
        }
        if let unit = result.firstUnderflowUnit {
            alerts.append(
                "At unit \(unit) a path is too small for this precision where the other is exactly 0: it reads as 0 there, "
                    + "and gradients through ReLUs may be another network's. Try --precision double.")
        }
        if result.units.contains(where: { [$0.gradient, $0.direct, $0.throughWeights].contains(.notFinite) })
        {
            alerts.append("Some gradients are not finite: a derivative left the range of its number type.")
        }
        let failed = result.checks.filter { $0.passed == false }.map(\.name)
        if !failed.isEmpty {
            alerts.append(
                "Failed \(failed.count == 1 ? "check" : "checks"): \(failed.joined(separator: ", ")).")
        }
        alerts += result.checks.filter { $0.passed != true }.flatMap(\.findings)
        return alerts + result.remarks
    }

    /// "6 of 6 hold", with those that did not decide left out of the count.
    static func checksHeld(_ checks: [IdentityCheck]) -> String {
        let applicable = checks.filter { $0.passed != nil }
        guard !applicable.isEmpty else { return "none applied" }
        return "\(applicable.filter { $0.passed == true }.count) of \(applicable.count) hold"
    }

    /// What became of a check: one that was measured and did not decide is not one that does not apply.
    static func outcome(_ check: IdentityCheck) -> String {
        switch check.passed {
        case true?: "holds"
        case false?: "fails"
        case nil:
            check.worstError == nil
                ? "not applicable\(check.inapplicability.map { ": \($0)" } ?? "")"
                : "cannot tell"
        }
    }

    /// A slope with its standard error, in decades per unit: −0.3010 ± 0.0001.
    static func slope(_ slope: Double?, _ standardError: Double?, minus: String) -> String? {
        guard let slope, slope.isFinite else { return nil }
        let decimals = NumberStyle.decimals(4)
        let value = decimals.text(slope, minus: minus)
        guard let standardError, standardError.isFinite else { return value }
        return "\(value) ± \(decimals.text(standardError, minus: minus))"
    }

    /// The worst of the probe errors that `error` reads, and the unit where it was met.
    static func worst(
        _ probes: [ProbeMeasurement], _ error: (ProbeMeasurement) -> Double?
    ) -> (error: Double, unit: Int)? {
        let measured = probes.compactMap { probe in error(probe).map { (error: $0, unit: probe.unit) } }
        // An error that is no number is worse than any number, and would slip through a comparison.
        return measured.first { $0.error.isNaN } ?? measured.max { $0.error < $1.error }
    }

    /// The carrier as the end of "the gradient at x_0 is carried by …".
    static func carrier(_ carrier: Verdict.Carrier) -> String {
        switch carrier {
        case .shortcuts: "the shortcuts"
        case .weights: "the weights"
        case .both: "shortcuts and weights together"
        case .neither: "neither path"
        }
    }

    /// "1 class", "10 classes".
    static func classes(_ network: NetworkSummary) -> String? {
        guard network.classes > 0 else { return nil }
        return network.classes == 1 ? "1 class" : "\(Quantity.grouped(network.classes)) classes"
    }

    /// The command that repeats the run.
    static func command(_ manifest: RunManifest) -> String {
        manifest.command.map(\.quotedForShell).joined(separator: " ")
    }

    static let shortcutProductName = "shortcut product"

    /// How the shortcut product is to be named: dropout's is an expectation, and must not pass for a measurement.
    static func shortcutProduct(_ result: AnalysisResult) -> String {
        result.shortcutProductIsExpectation ? "shortcut product (expected)" : shortcutProductName
    }

    /// A verdict on one quantity: what was measured beside what was allowed, and of how many rows.
    static func theory(_ verdict: QuantityVerdict, minus: String) -> String {
        guard let distance = distance(verdict, minus: minus), let unit = verdict.unit else {
            return "cannot say: \(verdict.reason ?? "nothing was compared")"
        }
        let rows =
            verdict.comparedRows < verdict.rows
            ? " on \(Quantity.grouped(verdict.comparedRows)) of \(Quantity.grouped(verdict.rows)) rows" : ""
        return switch verdict.outcome {
        case .agrees, .agreesInPart:
            "agrees\(rows): off by at most \(distance) at x_\(unit) (\(allowance(verdict)))"
        case .departs: "departs first at x_\(unit)\(rows): by \(distance) (\(allowance(verdict)))"
        case .cannotSay: "cannot say: \(verdict.reason ?? "nothing was compared")"
        }
    }

    /// −0.15 of 0.22 allowed decades
    static func distance(_ verdict: QuantityVerdict, minus: String) -> String? {
        guard let departure = verdict.departure, let allowance = verdict.allowance else { return nil }
        let decimals = NumberStyle.decimals(2)
        let sign = departure > 0 ? "+" : ""
        return
            "\(sign)\(decimals.text(departure, minus: minus)) of \(decimals.text(allowance)) allowed decades"
    }

    /// What the allowance is made of: 0.16 model + 3 × 0.02 s.e.
    private static func allowance(_ verdict: QuantityVerdict) -> String {
        let decimals = NumberStyle.decimals(2)
        let model = "\(decimals.text(verdict.modelAllowance ?? 0)) model"
        guard let error = verdict.standardError, error > 0 else { return model }
        let count = NumberStyle.count.text(QuantityVerdict.allowedStandardErrors)
        return "\(model) + \(count) × \(NumberStyle.significant(2).text(error)) s.e."
    }

    /// What the shortcuts deliver, in a word with its number: "vanished, −16.3 decades".
    static func shortcutPath(_ result: AnalysisResult, minus: String) -> String {
        guard let path = result.verdict.shortcutPath else { return "not measured" }
        if path == .dead { return path.rawValue + (result.directVanishesAtUnit.map { " at x_\($0)" } ?? "") }
        guard let decades = result.verdict.shortcutDecades else { return path.rawValue }
        return "\(path.rawValue), \(self.decades(decades, minus: minus)) decades"
    }

    /// Two digits after the point below 1 decade, one above.
    static func decades(_ value: Double, minus: String) -> String {
        NumberStyle.decimals(abs(value) < 0.995 ? 2 : 1).text(value, minus: minus)
    }
}
