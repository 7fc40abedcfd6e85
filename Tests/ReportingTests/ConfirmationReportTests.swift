import Confirmation
import Foundation
import Testing

@testable import Reporting

/// The report of a trained table.
struct ConfirmationReportTests {
    @Test("Rows that do not stand in the paper's order are marked and told")
    func departures() throws {
        let result = try SyntheticConfirmation.result()
        let table = ConfirmationTable(result: result, minus: "-")
        let marked = table.rows.filter { $0.last == "!" }.map { $0[0] }
        #expect(marked.contains("none") && marked.contains("identity") && !marked.contains("dropout0.5"))
        let sentences = ConfirmationWords.departures(result)
        #expect(sentences.contains { $0.hasPrefix("none fails in the paper and trains here, to 12.") })
        #expect(
            sentences.contains {
                $0.hasPrefix(
                    "identity, at 7.10 %, is worse here than rows that the paper puts behind it: "
                        + "gate-shortcut:-6 (7.01 %, seeds overlap).")
            })
        let text = try SyntheticConfirmation.report().terminal(TerminalStyle(width: 120))
        #expect(text.contains("! none") && text.contains("fail (75.10)"))
    }

    @Test("Every row has a solid and a dashed line, the legend names it once")
    func curves() throws {
        let result = try SyntheticConfirmation.result()
        let figures = Figure.all(result)
        #expect(figures.map(\.name) == ["training-curves", "truncation"])
        let svg = figures[0].svg
        for row in result.rows {
            #expect(svg.components(separatedBy: ">\(row.row.name)</text>").count == 2, "\(row.row.name)")
        }
        // Eleven rows, with a sign of each in the legend but none for the dashes.
        #expect(svg.components(separatedBy: "class=\"line plain ").count - 1 == 22)
        #expect(svg.components(separatedBy: "class=\"line dashed ").count - 1 == 11)
        // No two signs of the legend are alike.
        let legend = try #require(svg.firstMatch(of: #/<g class="legend">(?<signs>(.|\n)*?)<\/g>/#)).signs
        let signs = legend.matches(of: #/class="mark (?<name>[^"]*)" d="M[^ ]+ [\d.]+(?<outline>[^"]*)"/#)
        #expect(signs.count == 11 && Set(signs.map { "\($0.name)\($0.outline)" }).count == 11)
    }

    @Test("The CSV has a line a run, and nulls where a run broke off")
    func csv() throws {
        let lines = try SyntheticConfirmation.report().csv().split(separator: "\r\n")
        #expect(lines.count == 34)
        #expect(lines.contains { $0.hasPrefix("\"scale0.5,0.5\",0,12.35,0.1235,") })
        #expect(lines.contains { $0.hasPrefix("dropout0.5,2,fail,,,,") })
    }
}
