import Claims

/// The words in which findings are told, the same in every document for people.
enum ClaimText {
    static func value(_ measurement: ClaimMeasurement, minus: String) -> String {
        number(measurement.value, minus: minus)
    }

    /// Such as “≤ 1.4e-14” or “−0.301 ± 1.4e-14”; `nil` where nothing is required.
    static func requirement(_ measurement: ClaimMeasurement, minus: String) -> String? {
        measurement.requirement.map { requirement in
            switch requirement {
            case .atMost(let bound): "≤ \(number(bound, minus: minus))"
            case .atLeast(let bound): "≥ \(number(bound, minus: minus))"
            case .near(let expected, within: 0): "= \(number(expected, minus: minus))"
            case .near(let expected, let tolerance):
                "\(number(expected, minus: minus)) ± \(NumberStyle.error.text(tolerance, minus: minus))"
            }
        }
    }

    /// Names of claims that do not apply, with the reason that they share.
    static func omitted(_ report: ClaimReport) -> [String] {
        var reasons: [String] = []
        for claim in report.omitted where !reasons.contains(claim.reason) { reasons.append(claim.reason) }
        return reasons.map { reason in
            let names = report.omitted.filter { $0.reason == reason }.map(\.name)
            return "\(names.joined(separator: ", ")): \(reason)"
        }
    }

    static func heading(_ report: ClaimReport) -> String {
        "\(report.findings.count(where: \.passed)) of \(report.findings.count) claims hold"
    }

    /// The measurement that stands for a finding where there is room for one: the first that fails, else the first.
    static func decisive(_ finding: ClaimFinding) -> ClaimMeasurement? {
        finding.measurements.first { $0.holds == false } ?? finding.measurements.first { $0.holds != nil }
    }

    /// Counts without a fraction, all else with three digits.
    private static func number(_ value: Double, minus: String) -> String {
        let isCount = value == value.rounded() && abs(value) < 1e6
        return (isCount ? NumberStyle.count : .significant(3)).text(value, minus: minus)
    }
}
