import Analysis

/// `report.html`: one file that opens offline, with the verdict first and every number behind it.
public enum HTMLReport {
    /// Rows of the table of units beyond which the page shows a selection: a browser does not scroll 100,000.
    static let rowLimit = 1300

    public static func text(
        _ result: AnalysisResult, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> String {
        let title = Summary.title(result.network, weights: manifest.weights)
        return HTMLPage.text(
            title: "\(title) · \(result.network.shortcut)",
            main: """
                <h1>\(title.escapedForXML)</h1>
                \(RunSubject(manifest).html)\(design(result.network))\(alerts(result))\(verdict(result))\(keyNumbers(result))\
                \(theory(TheoryLine.all(result, minus: "−")))\(self.assertions(assertions))\(figures(result))\(MeasurementSection.html(result))\
                \(checks(result.checks))\(probes(result.probes))\(units(result))\(stages(result.network))\
                \(meanings(result))\(run(manifest))
                """)
    }

    static func design(_ network: NetworkSummary) -> String {
        let items = Summary.design(network).map { part in
            "<li>\(part.name.escapedForXML) <b>\(part.value.escapedForXML)</b></li>\n"
        }
        return "<ul class=\"design\">\n\(items.joined())</ul>\n"
    }

    private static func alerts(_ result: AnalysisResult) -> String {
        Summary.alerts(result).map { Markup.paragraph($0, class: "alert") }.joined()
    }

    private static func verdict(_ result: AnalysisResult) -> String {
        let sentences = result.verdict.sentences.map { Markup.paragraph($0) }.joined()
        return Markup.section(
            result.verdict.headline, sentences,
            class: "verdict \(result.verdict.concern?.rawValue ?? "")")
    }

    static func theory(_ lines: [TheoryLine]) -> String {
        guard !lines.isEmpty else { return "" }
        let rows = lines.map { [$0.sign, $0.quantity, $0.sentence] }
        let words = """
            What theory expects of this very configuration, before any weights: a verdict needs no threshold on \
            sizes. Allowed are the decades that the model leaves open and three standard errors (s.e.) of its \
            prediction, for the weights are finitely many.
            """
        return Markup.section(
            "Beside theory",
            Markup.paragraph(words)
                + scrolling(
                    Markup.table(["", "quantity", "verdict"], rows, isNumber: [false, false, false])))
    }

    static func assertions(_ findings: [AssertionFinding]) -> String {
        guard !findings.isEmpty else { return "" }
        let rows = findings.map { [$0.outcome == .holds ? "✓" : "✗", $0.text, $0.sentence(minus: "−")] }
        let table = Markup.table(["", "condition", "outcome"], rows, isNumber: [false, false, false])
        return Markup.section("Assertions", scrolling(table))
    }

    private static func keyNumbers(_ result: AnalysisResult) -> String {
        let verdict = result.verdict
        let first = result.units.first
        func norm(_ logarithm: Double?) -> String {
            logarithm.flatMap { $0.isFinite ? Quantity.power(log10: $0) : nil } ?? "–"
        }
        let direct = Summary.slope(
            verdict.directLog10PerUnit, verdict.directLog10PerUnitStandardError, minus: "−")
        let total = Summary.slope(
            verdict.gradientLog10PerUnit, verdict.gradientLog10PerUnitStandardError, minus: "−")
        let loss = result.loss.flatMap { $0.isFinite ? NumberStyle.decimals(4).text($0, minus: "−") : nil }
        return "<div class=\"tiles\">\n"
            + Markup.definitions([
                ("shortcut path", verdict.shortcutPath?.rawValue ?? "not measured"),
                ("‖∂E/∂x_0‖, total", norm(first?.gradientLog10)),
                ("‖d_0‖, direct term", norm(first?.directLog10)),
                ("‖w_0‖, through weights", norm(first?.throughWeightsLog10)),
                ("direct, decades/unit in stages", direct ?? "–"),
                ("total, decades/unit in stages", total ?? "–"),
                ("loss E", loss ?? "not finite"), ("checked identities", Summary.checksHeld(result.checks)),
                ("parameters", Quantity.grouped(result.network.parameters)),
                ("classes", result.network.classes > 0 ? Quantity.grouped(result.network.classes) : "–"),
                ("expected memory", Quantity.bytes(result.network.expectedMemory)),
            ]) + "</div>\n"
    }

    private static func figures(_ result: AnalysisResult) -> String {
        Markup.section("Signal and gradient against depth", HTMLPage.figures(Figure.all(result)))
    }

    private static func checks(_ checks: [IdentityCheck]) -> String {
        let rows = checks.map { check in
            [
                outcome(check), check.name, check.statement, check.worstError.map(error) ?? "–",
                check.worstUnit.map(Quantity.grouped) ?? "–", error(check.tolerance), check.toleranceReason,
            ]
        }
        let table = Markup.table(
            ["", "name", "identity", "worst error", "at l", "tolerance", "why this tolerance"], rows,
            isNumber: [false, false, false, true, true, true, false])
        return Markup.section("Checked identities", scrolling(table))
    }

    private static func probes(_ probes: [ProbeMeasurement]) -> String {
        guard !probes.isEmpty else { return "" }
        let shown = Decimation.rows(probes.count, limit: rowLimit).map { probes[$0] }
        let rows = shown.map { probe in
            [Quantity.grouped(probe.unit)]
                + [probe.probeErrorDirect, probe.probeErrorTotal, probe.probeErrorLoss].map {
                    $0.map(error) ?? "–"
                }
        }
        let table = Markup.table(
            ["from x_l, l =", "direct term", "total gradient", "loss difference"], rows,
            isNumber: [true, true, true, true])
        let words = """
            A tangent pushed up from x_l by forward-mode products, which share no code with the backward sweep, \
            must find the same inner product with g_L. Errors are relative to the larger side.
            """
        return Markup.section(
            "Forward-mode probes", Markup.paragraph(words) + scrolling(table), class: "narrow")
    }

    private static func units(_ result: AnalysisResult) -> String {
        let rows =
            result.units.count > rowLimit
            ? UnitSelection.rows(of: result, count: rowLimit - 300) : Array(result.units.indices)
        let selection =
            rows.count < result.units.count
            ? " \(Quantity.grouped(rows.count)) of \(Quantity.grouped(result.units.count)) rows; all are in units.csv and report.json."
            : ""
        let note = Markup.paragraph(
            "Total, direct, through weights, product and their values within a stage are log10.\(selection)")
        let columns = UnitTable.shown(of: result.units)
        let table = Markup.table(
            columns.map(\.heading),
            rows.map { row in columns.map { $0.text(result.units[row], minus: "−") ?? "–" } },
            isNumber: columns.map { !$0.isName }, tips: columns.map { "\($0.name): \($0.documentation)" })
        return Markup.section("Units", note + scrolling(table), class: "units")
    }

    private static func stages(_ network: NetworkSummary) -> String {
        let rows = network.stages.map { stage in
            [stage.stage, stage.channels, stage.height, stage.width, stage.firstUnit, stage.lastUnit]
                .map(Quantity.grouped)
        }
        let table = Markup.table(
            ["stage", "channels", "height", "width", "first l", "last l"], rows,
            isNumber: Array(repeating: true, count: 6))
        return Markup.section("Stages", scrolling(table), class: "narrow")
    }

    private static func meanings(_ result: AnalysisResult) -> String {
        let columns = UnitTable.shown(of: result.units).map { ($0.name, $0.documentation) }
        let expectation =
            result.shortcutProductIsExpectation
            ? " The shortcut product here is an expectation over dropout masks, not a measured product." : ""
        let words = """
            A residual unit is y_l = h(x_l) + F(x_l), x_{l+1} = f(y_l). Equation numbers are those of He, Zhang, \
            Ren, Sun, "Identity Mappings in Deep Residual Networks", 2016. A dash is a null.\(expectation)
            """
        return Markup.section(
            "What the columns mean", Markup.paragraph(words) + Markup.definitions(columns), class: "meanings")
    }

    static func run(_ manifest: RunManifest) -> String {
        let configuration = manifest.configuration.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value) }
        let libraries = manifest.libraries.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let machine = [
            (name: "propagate", value: manifest.version),
            (name: "commit", value: manifest.commit ?? "unknown"),
            (name: "operating system", value: manifest.operatingSystem),
            (name: "processor", value: manifest.processor),
        ]
        let content =
            "<pre><code>\(Summary.command(manifest).escapedForXML)</code></pre>\n<div class=\"facts\">\n"
            + "<h3>Configuration</h3>\n" + Markup.definitions(configuration)
            + "<h3>Versions and machine</h3>\n" + Markup.definitions(machine + libraries) + "</div>\n"
        return Markup.section("Repeat this run", content)
    }

    static func scrolling(_ table: String) -> String { "<div class=\"scroll\">\n\(table)</div>\n" }

    private static func error(_ value: Double) -> String { NumberStyle.error.text(value, minus: "−") }

    static func outcome(_ check: IdentityCheck) -> String {
        "\(check.passed.map { $0 ? "✓" : "✗" } ?? "–") \(Summary.outcome(check))"
    }
}
