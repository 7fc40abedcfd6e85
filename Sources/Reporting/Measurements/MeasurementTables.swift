import Analysis

/// The measurements as CSV files of a report directory, one table each.
enum MeasurementTables {
    /// What the tables are called.
    static let names = [
        "measurements", "path_lengths", "path_length_rows", "cancellation", "parameter_gradients", "fits",
        "jacobian", "correlation", "line_correlation", "line_correlation_rows", "signal_propagation",
    ]

    static func files(_ result: AnalysisResult) -> [ReportBundle.File] {
        guard let measured = result.measurements else { return [] }
        return [
            file("measurements", JSONReport.scalarFields, measured.scalars),
            file(
                "path_lengths", JSONReport.pathLengthDistributionFields, measured.pathLengths?.distributions),
            file("path_length_rows", JSONReport.pathLengthRowFields, measured.pathLengths?.rows),
            file("cancellation", JSONReport.cancellationFields, measured.cancellation),
            file("parameter_gradients", JSONReport.parameterGradientFields, measured.parameterGradients),
            file("fits", JSONReport.fitFields, measured.fits),
            file("jacobian", JSONReport.jacobianFields, measured.jacobian.map { [$0] }),
            file("correlation", JSONReport.correlationFields, measured.correlation),
            file(
                "line_correlation", JSONReport.lineCorrelationPointFields, measured.lineCorrelation?.points),
            file(
                "line_correlation_rows", JSONReport.lineCorrelationRowFields,
                measured.lineCorrelation?.lengths),
            file("signal_propagation", JSONReport.signalPropagationFields, measured.signalPropagation),
        ].compactMap(\.self)
    }

    /// `nil` where it was not measured.
    private static func file<Row>(
        _ name: String, _ fields: [ReportField<Row>], _ rows: [Row]?
    ) -> ReportBundle.File? {
        rows.map { ReportBundle.File(path: name + ".csv", contents: csv(fields, $0)) }
    }

    /// RFC 4180 with a header line; an empty field for null.
    static func csv<Row>(_ fields: [ReportField<Row>], _ rows: [Row]) -> String {
        let lines = rows.map { row in fields.map { cell($0.value(row)) } }
        return ([fields.map(\.name)] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .integer(let integer): integer.description
        case .number(let number): number.description
        case .string(let text): quoted(text)
        default: ""
        }
    }

    /// Names of a caller's own parameters may hold anything.
    private static func quoted(_ text: String) -> String {
        text.contains { ",\"\r\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
