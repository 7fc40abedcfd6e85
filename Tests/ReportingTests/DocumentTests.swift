import Analysis
import Testing

@testable import Reporting

struct DocumentTests {
    @Test("The page asks for nothing outside itself")
    func selfContained() {
        let page = HTMLReport.text(SyntheticResult.small(), manifest: SyntheticResult.manifest)
        let withoutNamespace = page.replacing("http://www.w3.org/2000/svg", with: "")
        for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<link", "fetch("] {
            #expect(!withoutNamespace.contains(word), "\(word)")
        }
    }

    @Test("A name full of markup stays text")
    func markup() {
        var manifest = SyntheticResult.manifest
        manifest.command = ["propagate", "--shortcut", "<script>alert(1)</script>"]
        manifest.configuration["shortcut"] = "<b>"
        let page = HTMLReport.text(EdgeCase.hostileNames.result, manifest: manifest)
        #expect(!page.contains("<script>alert") && !page.contains("<b>\"") && !page.contains("mine <&"))
        #expect(page.contains("mine &lt;&amp;&quot;&#39;&gt;"))
    }

    @Test("Verdict, checks, figures, columns and command are all in the page")
    func complete() {
        let result = SyntheticResult.small()
        let page = HTMLReport.text(result, manifest: SyntheticResult.manifest)
        for column in UnitTable.ofNetworks { #expect(page.contains("<dt>\(column.name)</dt>")) }
        for figure in Figure.all(result) {
            #expect(page.contains("aria-label=\"\(figure.title.escapedForXML)\""))
        }
        for check in result.checks { #expect(page.contains("<td>\(check.name)</td>")) }
        #expect(page.contains("propagate --depth 1001 --shortcut scale0.5"))
    }

    @Test("Markdown refers to the figures that the bundle holds")
    func figurePaths() {
        let files = ReportBundle.files(SyntheticResult.small(), manifest: SyntheticResult.manifest)
        let markdown = files.first { $0.path == "report.md" }?.contents ?? ""
        let figures = files.map(\.path).filter { $0.hasSuffix(".svg") }
        #expect(figures.count == 5)
        for path in figures { #expect(markdown.contains("](\(path))")) }
        #expect(Set(files.map(\.path)).count == files.count)
    }

    @Test("Colour codes are written only when asked for")
    func colour() {
        let result = SyntheticResult.small()
        #expect(
            !TerminalReport.text(result, manifest: SyntheticResult.manifest, style: TerminalStyle()).contains(
                "\u{1B}"))
        #expect(
            TerminalReport.text(
                result, manifest: SyntheticResult.manifest, style: TerminalStyle(colour: true)
            ).contains("\u{1B}[38;5;39m"))
    }

    @Test("A failed check is marked in every report")
    func failure() {
        let result = EdgeCase.forwardOverflow.result
        #expect(
            TerminalReport.text(result, manifest: SyntheticResult.manifest, style: TerminalStyle()).contains(
                "✗ sum"))
        #expect(HTMLReport.text(result, manifest: SyntheticResult.manifest).contains("✗ fails"))
        #expect(MarkdownReport.text(result, manifest: SyntheticResult.manifest).contains("**fails**"))
    }
}
