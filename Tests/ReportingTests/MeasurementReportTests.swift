import Analysis
import Foundation
import Tensors
import Testing

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What --measure adds to every report.
struct MeasurementReportTests {
    private let result = SyntheticMeasurements.result()

    @Test("Schema and report name the same keys, all the way down")
    func schema() throws {
        let report = JSONReport.value(result, manifest: SyntheticResult.manifest)
        let measured = try #require(report["measurements"])
        let schema = try #require(JSONSchema.value["properties"]?["measurements"])
        #expect(schema["type"] == ["object", "null"])
        var objects = 0
        compare(measured, schema, path: "measurements", objects: &objects)
        // The whole, 2 costs, 1 omission, 24 scalars, lengths with 13 rows and 14 lengths, 13 cancellations,
        // 36 parameters, 1 fit, 1 Jacobian, 13 correlations, the lines with 13 rows and 6 points, 13 rows of signal.
        #expect(objects == 1 + 2 + 1 + 24 + 1 + 13 + 14 + 13 + 36 + 1 + 1 + 13 + (1 + 13 + 6) + 13)
    }

    private func compare(_ value: JSONValue, _ schema: JSONValue, path: String, objects: inout Int) {
        switch value {
        case .object(let members):
            objects += 1
            #expect(value.keys == schema["properties"]?.keys, "\(path)")
            for member in members {
                let part = schema["properties"]?[member.key] ?? .null
                compare(member.value, part, path: "\(path).\(member.key)", objects: &objects)
            }
        case .array(let elements):
            for element in elements {
                compare(element, schema["items"] ?? .null, path: path + "[]", objects: &objects)
            }
        default: break
        }
    }

    @Test("Names of scalars are snake_case and different")
    func scalars() {
        let names = SyntheticMeasurements.all().scalars.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z0-9]+(_[a-z0-9]+)*/) != nil })
        #expect(names.contains("path_length_mean") && names.contains("jacobian_condition_log10"))
    }

    @Test("The bundle holds a table for each measurement, and the Markdown a link to it")
    func bundle() throws {
        let files = ReportBundle.files(result, manifest: SyntheticResult.manifest)
        let plain = ReportBundle.files(SyntheticResult.small(), manifest: SyntheticResult.manifest)
        let tables = files.map(\.path).filter { $0.hasSuffix(".csv") }
        #expect(
            Set(tables).subtracting(plain.map(\.path)) == [
                "measurements.csv", "path_lengths.csv", "path_length_rows.csv", "cancellation.csv",
                "parameter_gradients.csv", "fits.csv", "jacobian.csv", "correlation.csv",
                "line_correlation.csv", "line_correlation_rows.csv", "signal_propagation.csv",
            ])
        let markdown = try #require(files.first { $0.path == "report.md" }).contents
        for file in files where file.path.hasSuffix(".csv") || file.path.hasSuffix(".svg") {
            #expect(markdown.contains("](\(file.path))"), "\(file.path)")
        }
        let fits = try #require(files.first { $0.path == "fits.csv" }).contents
        #expect(fits.hasSuffix("\r\ngradient,,12,0.125,0.0078125,0.25,0.875,0.03125,0.0625,power_law\r\n"))
        let lengths = try #require(files.first { $0.path == "path_lengths.csv" }).contents
        #expect(lengths.hasPrefix("unit,length,log10,share\r\n0,0,"))
        #expect(lengths.split(separator: "\r\n").count == 15)
    }

    @Test("Quotes protect a caller's own names")
    func quoting() {
        let row = ParameterGradientNorm(
            parameter: "a,\"b\"", unit: nil, count: 1, gradient: .log10(0), value: .zero)
        #expect(
            MeasurementTables.csv(JSONReport.parameterGradientFields, [row])
                .hasSuffix("\r\n\"a,\"\"b\"\"\",,1,0.0,measured,,\r\n"))
    }

    @Test("Figures are well-formed and named in the page")
    func figures() {
        let page = HTMLReport.text(result, manifest: SyntheticResult.manifest)
        let figures = Figure.measured(result)
        #expect(figures.count == 7)
        for figure in figures {
            #expect(XMLParser(data: Data(figure.svg.utf8)).parse(), "\(figure.name)")
            #expect(!figure.svg.contains("nan"))
            #expect(page.contains("aria-label=\"\(figure.title.escapedForXML)\""))
        }
        #expect(figures[0].svg.contains("path length k, in residual branches"))
    }

    @Test("Every measurement and what does not apply is said in words, within the width")
    func words() {
        for style in [TerminalStyle(), TerminalStyle(width: 80, height: 42, unicode: false)] {
            let text = TerminalReport.text(result, manifest: SyntheticResult.manifest, style: style)
            for line in text.split(separator: "\n") { #expect(line.count <= style.width, "\(line)") }
            if !style.unicode { #expect(text.utf8.count == text.unicodeScalars.count && !text.contains("?")) }
            let plain = TerminalReport.text(
                SyntheticResult.small(), manifest: SyntheticResult.manifest, style: style)
            #expect(text.hasPrefix(plain), "the screen stays as it is")
        }
        let text = TerminalReport.text(
            result, manifest: SyntheticResult.manifest, style: TerminalStyle(width: 400))
        for words in [
            "path-lengths: the gradient at x_0 passed 6.0 ± 3.0 branches",
            "cancellation: in 6.2 % of the samples at x_3",
            "fits: over all rows: gradient power law, exponent 0.8750 ± 0.0312",
            "jacobian: singular values of ∂x_12/∂x_0: largest at least 3.2e150",
            "line-correlation: the cosine of a logit's gradient at x_0",
            "falls to 1/e at t = 0.42; 0.7500 at t = 0.25, 0.1250 at t = 1 (4 lines)",
            "jacobian:0-99: not applicable. There is no x_99",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(
            MeasurementCost(name: "fits", backwardPasses: 0, bytes: 0).text == "fits: nothing but arithmetic")
    }

    @Test("Nothing measured leaves nothing but an explicit null")
    func nothing() {
        let plain = SyntheticResult.small()
        #expect(JSONReport.value(plain, manifest: SyntheticResult.manifest)["measurements"] == .null)
        #expect(Figure.measured(plain).isEmpty && MeasurementTables.files(plain).isEmpty)
        #expect(MeasurementSection.html(plain).isEmpty && MeasurementSection.markdown(plain).isEmpty)
    }

    @Test("A measurement without a value says so")
    func empty() {
        var result = SyntheticResult.small()
        var measured = MeasurementResults(costs: [])
        (measured.cancellation, measured.parameterGradients, measured.fits) = ([], [], [])
        (measured.correlation, measured.signalPropagation) = ([], [])
        measured.pathLengths = PathLengthSpectrum(greatestLength: 40, smallestShare: 0)
        result.measurements = measured
        let text = TerminalReport.text(
            result, manifest: SyntheticResult.manifest, style: TerminalStyle(width: 200))
        #expect(text.contains("cancellation: at no x_l") && text.contains("fits: too few rows"))
        for figure in Figure.measured(result) {
            #expect(XMLParser(data: Data(figure.svg.utf8)).parse(), "\(figure.name)")
        }
    }
}
