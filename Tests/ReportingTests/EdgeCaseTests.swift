import Analysis
import Foundation
import Testing

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct EdgeCaseTests {
    @Test("Figures are well-formed XML, with no number that is not one", arguments: EdgeCase.allCases)
    func figures(edgeCase: EdgeCase) {
        for figure in Figure.all(edgeCase.result) {
            for svg in [figure.svg, figure.inlineSVG(.half)] {
                #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(figure.name)")
                #expect(!svg.contains("nan") && !svg.contains("inf\""), "\(figure.name)")
            }
        }
    }

    @Test("JSON and CSV are complete and readable", arguments: EdgeCase.allCases)
    func data(edgeCase: EdgeCase) throws {
        let result = edgeCase.result
        let json = JSONReport.text(result, manifest: SyntheticResult.manifest)
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect((parsed["units"] as? [Any])?.count == result.units.count)
        let lines = UnitTable.csv(result.units).split(separator: "\r\n")
        #expect(lines.count == result.units.count + 1)
        for line in lines {
            #expect(line.count { $0 == "," } == UnitTable.columns.count - 1)
        }
    }

    @Test(
        "The terminal report keeps within its screen", arguments: EdgeCase.allCases,
        [
            TerminalStyle(), TerminalStyle(width: 80, height: 46, unicode: false),
            TerminalStyle(width: 140, height: 60),
        ])
    func terminal(edgeCase: EdgeCase, style: TerminalStyle) {
        let text = TerminalReport.text(edgeCase.result, manifest: SyntheticResult.manifest, style: style)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        // Names of 280 letters are printed whole, and no screen is planned for them.
        if edgeCase != .hostileNames { #expect(lines.count <= style.height) }
        for line in lines { #expect(line.count <= style.width, "\(line)") }
        #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
        if !style.unicode { #expect(text.utf8.count == text.unicodeScalars.count) }
    }

    @Test("An overflow is said first, everywhere a person reads")
    func overflow() {
        let result = EdgeCase.forwardOverflow.result
        let sentence = "First non-finite value at unit 7"
        #expect(
            TerminalReport.text(result, manifest: SyntheticResult.manifest, style: TerminalStyle()).contains(
                sentence))
        #expect(HTMLReport.text(result, manifest: SyntheticResult.manifest).contains(sentence))
        #expect(
            MarkdownReport.text(result, manifest: SyntheticResult.manifest).contains(
                "non-finite value at unit 7"))
    }

    @Test("Dropout's product is called an expectation")
    func expectation() {
        let result = EdgeCase.dropoutExpectation.result
        #expect(Figure.gradientNorms(result).svg.contains("shortcut product (expected)"))
        #expect(HTMLReport.text(result, manifest: SyntheticResult.manifest).contains("is an expectation"))
        #expect(MarkdownReport.text(result, manifest: SyntheticResult.manifest).contains("is an expectation"))
        #expect(
            TerminalReport.text(result, manifest: SyntheticResult.manifest, style: TerminalStyle()).contains(
                "expected"))
    }

    @Test("100,000 units: pictures and page stay small and keep the extremes, data stays complete")
    func dense() {
        let result = EdgeCase.dense100000()
        for file in ReportBundle.files(result, manifest: SyntheticResult.manifest) {
            switch file.path {
            case "units.csv": #expect(file.contents.count { $0 == "\r\n" } == 100_002)
            case "report.json": #expect(file.contents.contains("\"unit\": 100000,"))
            case "report.html": #expect(file.contents.utf8.count < 1_500_000)
            default: #expect(file.contents.utf8.count < 200_000, "\(file.path)")
            }
        }
        let values = Decimation.runs(result.units.map(\.gradientLog10), limit: 1000).flatMap {
            $0.map(\.value)
        }
        #expect(values.max() == 40 && values.min() == -40)
        #expect(values.count <= 2100)
    }
}
