import Analysis

/// The sentences and labels that terminal, Markdown and HTML share.
enum Summary {
    static func title(_ network: NetworkSummary) -> String {
        "Signal propagation through \(Quantity.counted(network.units, "residual unit"))"
    }

    /// What was built, as pairs of a name and a value.
    static func design(_ network: NetworkSummary) -> [(name: String, value: String)] {
        [
            ("architecture", network.architecture), ("depth", Quantity.grouped(network.depth)),
            ("unit", network.unit), ("block", network.block), ("shortcut", network.shortcut),
        ]
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
        if let unit = result.directVanishesAtUnit {
            alerts.append("The direct term is exactly 0 at unit \(unit) and below.")
        }
        let failed = result.checks.filter { $0.passed == false }.map(\.name)
        if !failed.isEmpty {
            alerts.append(
                "Failed \(failed.count == 1 ? "check" : "checks"): \(failed.joined(separator: ", ")).")
        }
        return alerts
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
    static func classes(_ network: NetworkSummary) -> String {
        network.classes == 1 ? "1 class" : "\(Quantity.grouped(network.classes)) classes"
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

    /// A verdict on one quantity, with its numbers.
    static func theory(_ verdict: QuantityVerdict, minus: String) -> String {
        guard let unit = verdict.unit, let departure = verdict.departure, let allowance = verdict.allowance
        else {
            return "cannot say: \(verdict.reason ?? "nothing was compared")"
        }
        let sign = departure > 0 ? "+" : ""
        let errors =
            verdict.standardErrors.map { ", \(NumberStyle.significant(2).text($0)) standard errors" } ?? ""
        let distance = "\(sign)\(NumberStyle.decimals(2).text(departure, minus: minus)) decades"
        let bound = NumberStyle.decimals(2).text(allowance)
        switch verdict.outcome {
        case .agrees: return "agrees: at most \(distance), at x_\(unit) (allowed \(bound)\(errors))"
        case .departs: return "departs first at x_\(unit): \(distance) (allowed \(bound)\(errors))"
        case .cannotSay: return "cannot say: \(verdict.reason ?? "nothing was compared")"
        }
    }
}
