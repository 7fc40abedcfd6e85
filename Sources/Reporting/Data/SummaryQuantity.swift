import Analysis

/// A number that stands for a whole measurement: a slope, the loss, or a column of the table of units at x_0.
public struct SummaryQuantity: Sendable {
    public let field: ReportField<AnalysisResult>
    /// A short heading for tables that are read by people.
    let heading: String
    let style: NumberStyle

    public var name: String { field.name }
    public var documentation: String { field.documentation }

    /// `nil` where it was not measured, is exactly 0 under a logarithm, or is not finite.
    public func value(_ result: AnalysisResult) -> Double? {
        if case .number(let number) = field.value(result) { number } else { nil }
    }

    public static let all: [SummaryQuantity] = slopes + atX0

    public static func named(_ name: String) -> SummaryQuantity? { all.first { $0.name == name } }

    private static let slopes: [SummaryQuantity] = [
        SummaryQuantity(
            field: .number(
                "direct_log10_per_unit",
                "Slope of direct_log10 within the stages, in decades per unit travelled down; null where the direct term "
                    + "becomes exactly 0."
            ) { $0.verdict.directLog10PerUnit }, heading: "direct/unit", style: .decimals(4)),
        SummaryQuantity(
            field: .number(
                "gradient_log10_per_unit",
                "Slope of gradient_log10 within the stages, in decades per unit travelled down."
            ) { $0.verdict.gradientLog10PerUnit }, heading: "total/unit", style: .decimals(4)),
        SummaryQuantity(
            field: .number(
                "shortcut_decades",
                "Decades that the shortcuts change the direct term by from x_L to x_0, changes of size apart; null where "
                    + "it is exactly 0."
            ) { $0.verdict.shortcutDecades }, heading: "decades", style: .decimals(2)),
        SummaryQuantity(
            field: .number("loss", "E: softmax cross-entropy, mean over the batch.") { $0.loss },
            heading: "loss", style: .decimals(3)),
        SummaryQuantity(
            field: .number("digits_left", "Decimal digits of x_L that the run's rounding leaves.") {
                $0.digitsLeft
            }, heading: "digits", style: .decimals(1)),
        SummaryQuantity(
            field: .number("horizon", "First l with less than one digit left; null where there is none.") {
                $0.horizon.map(Double.init)
            }, heading: "horizon", style: .count),
    ]

    /// Every measured column of the table of units, at x_0; digits are those of x_L.
    private static let atX0 = SeedTable.measured.filter { $0.name != "digits_left" }.map { column in
        SummaryQuantity(
            field: .number(column.name, "At x_0: \(column.documentation)") { result in
                result.units.first.flatMap(column.number)
            }, heading: column.heading, style: column.style)
    }
}
