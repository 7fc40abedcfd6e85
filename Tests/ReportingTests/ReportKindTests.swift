import Testing

@testable import Reporting

struct ReportKindTests {
    @Test(
        "Names of files that no report has",
        arguments: [
            "thesis.tex", "report.pdf", "figures", "figures/", "figures/a.pdf", "figures/.svg",
            "figures/a/b.svg",
            "../report.md", "figures/../report.md", "checkpoints/iteration-00000004/state.json",
            "notes/report.md",
            "", "/report.md", "./report.md", "x/\u{301}/a.svg", "figures\u{301}/a.svg",
        ])
    func foreign(name: String) {
        #expect(!ReportKind.canHold(name))
    }
}
