import Analysis

/// The report on one screen: what was built, where the gradient goes, what was checked, and the verdict.
public enum TerminalReport {
    public static func text(
        _ result: AnalysisResult, manifest: RunManifest, style: TerminalStyle,
        assertions: [AssertionFinding] = []
    ) -> String {
        let head = header(result, manifest, style) + alerts(result, style)
        let tail =
            checks(result, style) + [""] + verdict(result, style)
            + theory(TheoryLine.all(result, minus: style.minus), style)
            + self.assertions(assertions, style)
        let room = style.height - head.count - tail.count - 3
        // Three lines of the chart are not plot, and two of the table are its headings.
        let rows = room - 5
        let chartRows = min(16, max(5, rows - min(12, max(3, rows * 6 / 11))))
        let chart = TerminalChart(result, style: style, rows: chartRows).text
        let table = TerminalTable(result, style: style, rows: min(12, max(3, room - chart.count - 2))).text
        // What was asked for besides comes after the screen.
        let measured = measurements(result, style)
        let sections = [head, chart, table, tail] + (measured.isEmpty ? [] : [measured])
        return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    static func header(
        _ result: AnalysisResult, _ manifest: RunManifest, _ style: TerminalStyle
    ) -> [String] {
        let network = result.network
        let design = [
            "propagate", Quantity.counted(network.units, "unit"), "depth \(Quantity.grouped(network.depth))",
            network.architecture, network.unit, network.block,
            "shortcut \(network.shortcut)",
        ].map { TextLayout.fit(style.shown($0), width: style.width - 2, ellipsis: style.either("…", "...")) }
        let loss = result.loss.flatMap { $0.isFinite ? NumberStyle.decimals(4).text($0) : nil }
        let numbers = [
            Quantity.counted(network.parameters, "parameter"), Summary.classes(network),
            "loss \(loss ?? "not finite")", "expected memory \(Quantity.bytes(network.expectedMemory))",
        ]
        let gap = style.either(" · ", " - ")
        let lines = TextLayout.flow(design, gap: gap, width: style.width - 1)
            .enumerated().map { " " + style.paint($1.joined(separator: gap), $0 == 0 ? .heading : nil) }
        let measured = TextLayout.flow(numbers, gap: gap, width: style.width - 1)
            .map { " " + $0.joined(separator: gap) }
        return lines + RunSubject(manifest).terminal(style) + measured + stages(network, style)
    }

    private static func stages(_ network: NetworkSummary, _ style: TerminalStyle) -> [String] {
        guard !network.stages.isEmpty else { return [] }
        let items = network.stages.map { stage in
            let units =
                stage.firstUnit == stage.lastUnit
                ? "\(stage.firstUnit)" : "\(stage.firstUnit)\(style.either("–", "-"))\(stage.lastUnit)"
            let shape = [stage.channels, stage.height, stage.width].map(\.description)
            return "\(stage.stage): l \(units), \(shape.joined(separator: style.either("×", "x")))"
        }
        let lines = TextLayout.flow(["stages"] + items, gap: "   ", width: style.width - 1)
        let more = lines.count > 2 ? style.either(" …", " ...") : ""
        return lines.prefix(2).enumerated().map { index, line in
            " " + line.joined(separator: "   ") + (index == 1 ? more : "")
        }
    }

    private static func alerts(_ result: AnalysisResult, _ style: TerminalStyle) -> [String] {
        Summary.alerts(result).flatMap { alert in
            TextLayout.wrap("! " + style.shown(alert), width: style.width, indent: " ")
                .map { style.paint($0, .bad) }
        }
    }

    /// What was asked for beyond the sweeps, a sentence or two each.
    private static func measurements(_ result: AnalysisResult, _ style: TerminalStyle) -> [String] {
        let lines = MeasurementSection.sentences(result, minus: style.minus).flatMap { name, sentence in
            TextLayout.wrap("\(name): \(style.shown(sentence))", width: style.width, indent: " ")
        }
        return lines.isEmpty ? [] : [" " + style.paint("measured", .heading)] + lines
    }

    private static func checks(_ result: AnalysisResult, _ style: TerminalStyle) -> [String] {
        let names = result.checks.map { style.shown($0.name) }
        let errors = TextLayout.alignedAtPoint(
            result.checks.map { $0.worstError.map { NumberStyle.error.text($0, minus: style.minus) } },
            null: style.either("–", "-"))
        let places = result.checks.map { check in check.worstUnit.map { "at l = \($0)" } ?? "" }
        let widths = (names.map(\.count).max() ?? 0, places.map(\.count).max() ?? 0)
        let lines = result.checks.indices.map { index in
            let check = result.checks[index]
            let sign = sign(check.passed, style)
            let bound = TextLayout.padded(
                style.either("≤ ", "<= ") + NumberStyle.error.text(check.tolerance, minus: style.minus),
                to: style.either("≤ ", "<= ").count + 8)
            let text = [
                TextLayout.padded(names[index], to: widths.0), errors[index],
                TextLayout.padded(places[index], to: widths.1), bound, style.shown(check.statement),
            ].joined(separator: "  ")
            let fitted = TextLayout.fit(text, width: style.width - 4, ellipsis: style.either("…", "..."))
            return " \(sign.isEmpty ? " " : sign) \(fitted)"
        }
        return checksHeading(result, style) + lines
    }

    private static func sign(_ passed: Bool?, _ style: TerminalStyle) -> String {
        switch passed {
        case true?: style.paint(style.either("✓", "+"), .good)
        case false?: style.paint(style.either("✗", "X"), .bad)
        case nil: style.paint(style.either("–", "-"), .quiet)
        }
    }

    /// How many identities hold, and the worst of the probes.
    private static func checksHeading(_ result: AnalysisResult, _ style: TerminalStyle) -> [String] {
        let kinds: [(String, (ProbeMeasurement) -> Double?)] = [
            ("direct", \.probeErrorDirect), ("total", \.probeErrorTotal), ("loss", \.probeErrorLoss),
        ]
        let worst = kinds.compactMap { name, error in
            Summary.worst(result.probes, error).map {
                "\(name) \(NumberStyle.error.text($0.error, minus: style.minus))"
            }
        }
        let probes =
            Quantity.counted(result.probes.count, "probe")
            + (worst.isEmpty ? "" : ", worst: " + worst.joined(separator: ", "))
        let items =
            ["checked identities: \(Summary.checksHeld(result.checks))"]
            + (result.probes.isEmpty ? [] : [probes])
        let gap = style.either(" · ", " - ")
        let lines = TextLayout.flow(items, gap: gap, width: style.width - 1).map { $0.joined(separator: gap) }
        return lines.map { " " + style.paint($0, .heading) }
    }

    static func theory(_ found: [TheoryLine], _ style: TerminalStyle) -> [String] {
        guard !found.isEmpty else { return [] }
        let width = found.map(\.quantity.count).max() ?? 0
        let lines = found.map { line in
            let outcome: Bool? = line.outcome == .cannotSay ? nil : line.outcome == .agrees
            let text = TextLayout.padded(line.quantity, to: width) + "  " + style.shown(line.sentence)
            let fitted = TextLayout.fit(text, width: style.width - 4, ellipsis: style.either("…", "..."))
            return " \(sign(outcome, style)) \(fitted)"
        }
        return ["", " " + style.paint("beside theory", .heading)] + lines
    }

    static func assertions(_ findings: [AssertionFinding], _ style: TerminalStyle) -> [String] {
        guard !findings.isEmpty else { return [] }
        let lines = findings.flatMap { finding in
            let words = TextLayout.wrap(
                style.shown("\(finding.text) – \(finding.sentence)"), width: style.width, indent: "   ")
            let mark = sign(finding.outcome == .holds, style)
            return words.enumerated().map { $0 == 0 ? " \(mark) " + $1.dropFirst(3) : $1 }
        }
        return ["", " " + style.paint("assertions", .heading)] + lines
    }

    private static func verdict(_ result: AnalysisResult, _ style: TerminalStyle) -> [String] {
        let verdict = result.verdict
        let slopes = [
            (
                "direct",
                Summary.slope(
                    verdict.directLog10PerUnit, verdict.directLog10PerUnitStandardError, minus: style.minus)
            ),
            (
                "total",
                Summary.slope(
                    verdict.gradientLog10PerUnit, verdict.gradientLog10PerUnitStandardError,
                    minus: style.minus)
            ),
        ].compactMap { name, slope in slope.map { "\(name) \(style.shown($0))" } }
        let carrier = "gradient carried by \(Summary.carrier(verdict.carrier))"
        let decades = slopes.isEmpty ? [] : ["per unit: \(slopes.joined(separator: ", ")) decades"]
        let heading = TextLayout.flow([carrier] + decades, gap: "   ", width: style.width - 1)
            .map { $0.joined(separator: "   ") }
            .flatMap { $0.count < style.width ? [$0] : TextLayout.wrap($0, width: style.width - 1) }
            .map { " " + style.paint($0, .heading) }
        let words = verdict.sentences.map(style.shown).joined(separator: " ")
        return heading + TextLayout.wrap(words, width: style.width, indent: " ")
    }
}
