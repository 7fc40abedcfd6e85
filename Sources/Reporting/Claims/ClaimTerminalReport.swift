import Claims

/// The findings for a terminal: every claim with its numbers, then a table of all.
public enum ClaimTerminalReport {
    public static func text(
        _ report: ClaimReport, manifest: RunManifest, style: TerminalStyle
    ) -> String {
        let blocks = report.findings.map { lines($0, style) } + [overview(report, manifest, style)]
        return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// A list of claims, for a user who wants to choose.
    public static func list(_ claims: [any Claim], style: TerminalStyle) -> String {
        let width = claims.map(\.name.count).max() ?? 0
        let lines = claims.flatMap { claim in
            TextLayout.hanging(
                TextLayout.padded(claim.name, to: width) + "  ",
                style.shown("\(claim.statement) (\(claim.place))"),
                width: style.width)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ finding: ClaimFinding, _ style: TerminalStyle) -> [String] {
        let gap = style.either(" · ", " - ")
        let heading = style.paint(style.shown(finding.name), .heading) + gap + style.shown(finding.place)
        let statement = TextLayout.wrap(style.shown(finding.statement), width: style.width, indent: "   ")
        return [" \(style.sign(finding.passed)) \(heading)"] + statement + numbers(finding, style)
            + (finding.remark.map {
                TextLayout.wrap(style.shown($0), width: style.width, indent: "   ")
                    .map { style.paint($0, .quiet) }
            } ?? [])
    }

    /// One measurement a row: outcome, value, bound, and what and why.
    private static func numbers(_ finding: ClaimFinding, _ style: TerminalStyle) -> [String] {
        let values = TextLayout.alignedAtPoint(
            finding.measurements.map { ClaimText.value($0, minus: style.minus) }, null: "")
        let bounds = finding.measurements.map {
            style.shown(ClaimText.requirement($0, minus: style.minus) ?? "")
        }
        let width = bounds.map(\.count).max() ?? 0
        return finding.measurements.indices.flatMap { index in
            let measurement = finding.measurements[index]
            let head = "\(values[index])  \(TextLayout.padded(bounds[index], to: width))  "
            let lines = TextLayout.hanging(
                "   . " + head, style.shown(measurement.quantity), width: style.width)
            let reason = TextLayout.wrap(
                style.shown("(\(measurement.reason))"), width: style.width,
                indent: String(repeating: " ", count: head.count + 5))
            // The sign comes last: its colour must not count as columns.
            return ["   \(style.sign(measurement.holds)) " + lines[0].dropFirst(5)] + lines.dropFirst()
                + reason.map { style.paint($0, .quiet) }
        }
    }

    private static func overview(
        _ report: ClaimReport, _ manifest: RunManifest, _ style: TerminalStyle
    ) -> [String] {
        let names = report.findings.map { style.shown($0.name) }
        let decisive = report.findings.map(ClaimText.decisive)
        let values = TextLayout.alignedAtPoint(
            decisive.map { $0.map { ClaimText.value($0, minus: style.minus) } }, null: "")
        let bounds = decisive.map {
            style.shown($0.flatMap { ClaimText.requirement($0, minus: style.minus) } ?? "")
        }
        let widths = (names.map(\.count).max() ?? 0, bounds.map(\.count).max() ?? 0)
        let rows = report.findings.indices.flatMap { index in
            let head = [
                TextLayout.padded(names[index], to: widths.0), values[index],
                TextLayout.padded(bounds[index], to: widths.1), "",
            ].joined(separator: "  ")
            return style.item(report.findings[index].passed, head, report.findings[index].place)
        }
        return [style.paint(" " + ClaimText.heading(report), .heading)]
            + style.lines(of: report.functions) + RunSubject(manifest).terminal(style) + rows
            + ClaimText.omitted(report).flatMap {
                TextLayout.hanging(
                    " \(style.sign(nil)) ", style.shown("does not apply: \($0)"), width: style.width)
            }
    }
}
