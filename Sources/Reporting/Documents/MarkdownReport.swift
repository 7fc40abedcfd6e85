import Analysis

/// `report.md`: the report for a reader of text, with its figures as files beside it.
public enum MarkdownReport {
    public static func text(
        _ result: AnalysisResult, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> String {
        let sections = [
            head(result, manifest), verdict(result), theory(TheoryLine.all(result, minus: "−")),
            self.assertions(assertions),
            figures(result),
            MeasurementSection.markdown(result), units(result), checks(result.checks), probes(result.probes),
            run(manifest),
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private static func head(_ result: AnalysisResult, _ manifest: RunManifest) -> String {
        let network = result.network
        let loss =
            result.loss.flatMap { $0.isFinite ? NumberStyle.decimals(4).text($0) : nil } ?? "not finite"
        let design =
            Summary.design(network).map { ($0.name, $0.value) } + [
                ("parameters", Quantity.grouped(network.parameters)),
                ("classes", network.classes > 0 ? Quantity.grouped(network.classes) : ""),
                ("stages", network.stages.map(Summary.stage).joined(separator: "; ")),
                ("expected memory", Quantity.bytes(network.expectedMemory)), ("loss E", loss),
            ]
        let rows = design.filter { !$0.1.isEmpty }.map { [$0.0.escapedForMarkdown, $0.1.escapedForMarkdown] }
        let title = Summary.title(network, weights: manifest.weights)
        return "# \(title)\n\n\(RunSubject(manifest).markdown)\n\n"
            + table(["network", ""], rows, isNumber: [false, false])
    }

    private static func verdict(_ result: AnalysisResult) -> String {
        let verdict = result.verdict
        let slopes = [
            (
                "direct",
                Summary.slope(verdict.directLog10PerUnit, verdict.directLog10PerUnitStandardError, minus: "−")
            ),
            (
                "total",
                Summary.slope(
                    verdict.gradientLog10PerUnit, verdict.gradientLog10PerUnitStandardError, minus: "−")
            ),
        ].compactMap { name, slope in slope.map { "\(name) \($0)" } }
        let alerts = Summary.alerts(result).map { "> **\($0.escapedForMarkdown)**" }
        let words = verdict.sentences.map(\.escapedForMarkdown).joined(separator: " ")
        let decades =
            slopes.isEmpty
            ? [] : ["Decades per unit travelled down, within the stages: \(slopes.joined(separator: ", "))."]
        let heading = "## \(verdict.headline.escapedForMarkdown)"
        let path =
            "Shortcut path: **\(Summary.shortcutPath(result, minus: "−").escapedForMarkdown)**. "
            + "The gradient at x\\_0 is carried by \(Summary.carrier(verdict.carrier))."
        return ([heading] + alerts + [path, words] + decades).filter { !$0.isEmpty }
            .joined(separator: "\n\n")
    }

    static func theory(_ lines: [TheoryLine]) -> String {
        guard !lines.isEmpty else { return "" }
        let rows = lines.map { [$0.quantity.escapedForMarkdown, $0.sentence.escapedForMarkdown] }
        return "## Beside theory\n\n" + table(["quantity", "verdict"], rows, isNumber: [false, false])
    }

    static func assertions(_ findings: [AssertionFinding]) -> String {
        guard !findings.isEmpty else { return "" }
        let rows = findings.map { [$0.text.escapedForMarkdown, $0.sentence(minus: "−").escapedForMarkdown] }
        return "## Assertions\n\n" + table(["condition", "outcome"], rows, isNumber: [false, false])
    }

    private static func figures(_ result: AnalysisResult) -> String {
        let figures = Figure.all(result).map(embedded)
        return "## Signal and gradient against depth\n\n" + figures.joined(separator: "\n\n")
    }

    /// A figure's file with its caption below.
    static func embedded(_ figure: Figure) -> String {
        "![\(figure.title.escapedForMarkdown)](\(ReportBundle.path(of: figure)))\n\n\(figure.caption.escapedForMarkdown)"
    }

    private static func units(_ result: AnalysisResult) -> String {
        let names: Set = [
            "unit", "stage", "label", "kind", "channels", "forward_rms", "gradient_log10", "direct_log10",
            "through_weights_log10", "shortcut_product_log10", "cosine", "decomposition_error",
        ]
        let columns = UnitTable.shown(of: result.units).filter { names.contains($0.name) }
        let rows = UnitSelection.rows(of: result, count: 12).map { row in
            columns.map { ($0.text(result.units[row], minus: "−") ?? "–").escapedForMarkdown }
        }
        let note = """
            Norms are log10 of L2 norms over the whole batch. All rows and columns are in \
            [units.csv](units.csv), with their meaning in [report.html](report.html).
            """
        let product =
            result.shortcutProductIsExpectation
            ? " The shortcut product is an expectation over dropout masks." : ""
        let heading = "## \(rows.count) of \(Quantity.counted(result.units.count, "row"))"
        let headings = columns.map(\.heading.escapedForMarkdown)
        return [heading, note + product, table(headings, rows, isNumber: columns.map { !$0.isName })]
            .joined(separator: "\n\n")
    }

    private static func checks(_ checks: [IdentityCheck]) -> String {
        let rows = checks.map { check in
            let outcome = Summary.outcome(check).escapedForMarkdown
            return [
                check.name.escapedForMarkdown, check.statement.escapedForMarkdown,
                check.worstError.map { NumberStyle.error.text($0, minus: "−") } ?? "–",
                check.worstUnit.map(\.description) ?? "–",
                NumberStyle.error.text(check.tolerance, minus: "−"),
                check.toleranceReason.escapedForMarkdown,
                check.passed == false ? "**\(outcome)**" : outcome,
            ]
        }
        let headings = ["check", "identity", "worst error", "at l", "tolerance", "why", "outcome"]
        return "## Checked identities: \(Summary.checksHeld(checks))\n\n"
            + table(headings, rows, isNumber: [false, false, true, true, true, false, false])
    }

    private static func probes(_ probes: [ProbeMeasurement]) -> String {
        guard !probes.isEmpty else { return "" }
        let kinds: [(String, (ProbeMeasurement) -> Double?)] = [
            ("direct term", \.probeErrorDirect), ("total gradient", \.probeErrorTotal),
            ("loss difference", \.probeErrorLoss),
        ]
        let rows = kinds.map { name, error in
            let worst = Summary.worst(probes, error)
            return [
                name, worst.map { NumberStyle.error.text($0.error, minus: "−") } ?? "–",
                worst.map { $0.unit.description } ?? "–",
            ]
        }
        return "## Forward-mode probes from \(Quantity.counted(probes.count, "unit"))\n\n"
            + table(["against", "worst relative error", "at l"], rows, isNumber: [false, true, true])
    }

    static func run(_ manifest: RunManifest) -> String {
        let facts =
            [("propagate", manifest.version), ("commit", manifest.commit ?? "unknown")]
            + manifest.libraries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            + [("operating system", manifest.operatingSystem), ("processor", manifest.processor)]
        let rows = facts.map { [$0.0.escapedForMarkdown, $0.1.escapedForMarkdown] }
        // An indented block takes any command: there is no fence that it could close.
        return "## Repeat this run\n\n    \(Summary.command(manifest).replacing("\n", with: " "))\n\n"
            + "The full configuration is in [manifest.json](manifest.json).\n\n"
            + table(["version of", ""], rows, isNumber: [false, false])
    }

    /// A table; cells are Markdown.
    static func table(_ headings: [String], _ rows: [[String]], isNumber: [Bool]) -> String {
        let rule = isNumber.map { $0 ? "---:" : ":---" }
        return ([headings, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }
}
