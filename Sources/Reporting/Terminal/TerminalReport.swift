import Analysis

/// The report on one screen: what was built, where the gradient goes, what was checked, and the verdict.
public enum TerminalReport {
    public static func text(
        _ result: AnalysisResult, manifest: RunManifest, style: TerminalStyle,
        assertions: [AssertionFinding] = []
    ) -> String {
        let head = header(result, manifest, style) + alerts(result, style)
        let verdict = verdict(result, style)
        let tail =
            TerminalChecks(checks: result.checks, probeCount: result.probes.count).text(style)
            + theory(TheoryLine.all(result, minus: style.minus), style)
            + self.assertions(assertions, style)
        let room = style.height - head.count - verdict.count - tail.count - 4
        // Three lines of the chart are not plot, and three of the table are not its rows.
        let rows = room - 6
        let chartRows = min(16, max(5, rows - min(12, max(3, rows * 6 / 11))))
        let chart = TerminalChart(result, style: style, rows: chartRows).text
        let table = TerminalTable(result, style: style, rows: min(12, max(3, room - chart.count - 3))).text
        // What was asked for besides comes after the screen.
        let measured = measurements(result, style)
        let sections = [head, verdict, chart, table, tail] + (measured.isEmpty ? [] : [measured])
        return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    static func header(
        _ result: AnalysisResult, _ manifest: RunManifest, _ style: TerminalStyle
    ) -> [String] {
        let network = result.network
        let design = [
            "propagate", Quantity.counted(network.units, "unit"),
            network.depth > 0 ? "depth \(Quantity.grouped(network.depth))" : nil, network.architecture,
            network.unit, network.block, network.shortcut.isEmpty ? nil : "shortcut \(network.shortcut)",
            manifest.weights?.clause,
        ].compactMap(\.self).filter { !$0.isEmpty }.map(style.shown)
        let loss = result.loss.flatMap { $0.isFinite ? NumberStyle.decimals(4).text($0) : nil }
        let numbers = [
            Quantity.counted(network.parameters, "parameter"), Summary.classes(network),
            "loss \(loss ?? "not finite")", "expected memory \(Quantity.bytes(network.expectedMemory))",
        ].compactMap(\.self)
        let gap = style.either(" · ", " - ")
        let lines = TextLayout.flowed(design, gap: gap, width: style.width - 1)
            .enumerated().map { " " + style.paint($1, $0 == 0 ? .heading : nil) }
        let functions = style.lines(of: network.functions)
        let measured = TextLayout.flowed(numbers, gap: gap, width: style.width - 1).map { " " + $0 }
        return lines + functions + RunSubject(manifest).terminal(style) + measured + stages(network, style)
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
        guard lines.count > 2 else { return lines.map { " " + $0.joined(separator: "   ") } }
        let left = lines.dropFirst(2).joined().count
        return lines.prefix(2).map { " " + $0.joined(separator: "   ") }
            + [" and \(Quantity.counted(left, "more stage")); the report's files name all"]
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

    static func theory(_ found: [TheoryLine], _ style: TerminalStyle) -> [String] {
        guard !found.isEmpty else { return [] }
        let width = found.map(\.quantity.count).max() ?? 0
        let lines = found.flatMap { line in
            let outcome: Bool? =
                switch line.outcome {
                case .agrees: true
                case .departs: false
                case .agreesInPart, .cannotSay: nil
                }
            return style.item(outcome, TextLayout.padded(line.quantity, to: width) + "  ", line.sentence)
        }
        return ["", " " + style.paint("beside theory", .heading)] + lines
    }

    static func assertions(_ findings: [AssertionFinding], _ style: TerminalStyle) -> [String] {
        guard !findings.isEmpty else { return [] }
        let lines = findings.flatMap { finding in
            style.item(finding.outcome == .holds, "", "\(finding.text) – \(finding.sentence(minus: "−"))")
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
        let decades =
            slopes.isEmpty
            ? []
            : TextLayout.wrap(
                "decades a unit within the stages: \(slopes.joined(separator: ", "))", width: style.width,
                indent: " ")
        let path = verdict.shortcutPath.map { "Shortcut path: \($0.rawValue). " } ?? ""
        let heading = TextLayout.wrap(
            style.shown(path + verdict.headline), width: style.width, indent: " "
        ).map { style.paint($0, ink(verdict.concern)) }
        let words = verdict.sentences.map(style.shown).joined(separator: " ")
        return heading + decades + TextLayout.wrap(words, width: style.width, indent: " ")
    }

    static func ink(_ concern: Verdict.Concern?) -> TerminalStyle.Ink {
        switch concern {
        case .sound: .sound
        case .doubtful: .doubtful
        case .grave: .bad
        case nil: .heading
        }
    }
}
