import Claims

/// The findings as Markdown: one table of all claims, one of all numbers, and the remarks.
public enum ClaimMarkdownReport {
    public static func text(_ report: ClaimReport, manifest: RunManifest) -> String {
        [
            "# \(ClaimText.heading(report))", RunSubject(manifest).markdown,
            report.functions.map { $0.equations.joined(separator: "; ").escapedForMarkdown }
                .joined(separator: "\n\n"), claims(report), numbers(report),
            remarks(report), omitted(report),
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private static func claims(_ report: ClaimReport) -> String {
        let rows = report.findings.map { finding in
            [
                finding.name.escapedForMarkdown, finding.statement.escapedForMarkdown,
                finding.place.escapedForMarkdown, finding.passed ? "holds" : "**fails**",
            ]
        }
        return table(["claim", "statement", "place in the paper", "outcome"], rows)
    }

    private static func numbers(_ report: ClaimReport) -> String {
        let rows = report.findings.flatMap { finding in
            finding.measurements.map { measurement in
                [
                    finding.name.escapedForMarkdown, measurement.quantity.escapedForMarkdown,
                    ClaimText.value(measurement, minus: "−"),
                    ClaimText.requirement(measurement, minus: "−") ?? "–",
                    measurement.reason.escapedForMarkdown,
                    measurement.holds.map { $0 ? "holds" : "**fails**" } ?? "told",
                ]
            }
        }
        return "## What was measured\n\n"
            + table(["claim", "measured", "value", "required", "why", "outcome"], rows)
    }

    private static func remarks(_ report: ClaimReport) -> String {
        let items = report.findings.compactMap { finding in
            finding.remark.map { "- **\(finding.name.escapedForMarkdown)**: \($0.escapedForMarkdown)" }
        }
        return items.isEmpty
            ? "" : "## What is false of the simpler statements\n\n" + items.joined(separator: "\n")
    }

    private static func omitted(_ report: ClaimReport) -> String {
        let items = ClaimText.omitted(report).map { "- \($0.escapedForMarkdown)" }
        return items.isEmpty ? "" : "## What does not apply\n\n" + items.joined(separator: "\n")
    }

    /// A table; cells are Markdown.
    private static func table(_ headings: [String], _ rows: [[String]]) -> String {
        let rule = headings.map { _ in "---" }
        return ([headings, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }
}
