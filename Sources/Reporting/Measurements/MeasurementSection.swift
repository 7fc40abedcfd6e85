import Analysis

/// The measurements in sentences, and the section of a document that holds them.
enum MeasurementSection {
    /// One entry per measurement that was asked for: its name and what came of it.
    static func sentences(_ result: AnalysisResult, minus: String) -> [(name: String, sentence: String)] {
        guard let measured = result.measurements else { return [] }
        let words = MeasurementWords(minus: minus)
        let found: [(String, String?)] = [
            ("path-lengths", measured.pathLengths.map(words.pathLengths)),
            ("cancellation", measured.cancellation.map(words.cancellation)),
            ("parameter-gradients", measured.parameterGradients.map(words.parameterGradients)),
            ("fits", measured.fits.map(words.fits)),
            ("jacobian", measured.jacobian.map(words.jacobian)),
            ("correlation", measured.correlation.map(words.correlation)),
            ("line-correlation", measured.lineCorrelation.map(words.lineCorrelation)),
            ("signal-propagation", measured.signalPropagation.map(words.signalPropagation)),
        ]
        return found.compactMap { name, sentence in sentence.map { (name, $0) } }
            + measured.omissions.map { ($0.name, "not applicable. \($0.reason)") }
    }

    static func html(_ result: AnalysisResult) -> String {
        guard let measured = result.measurements else { return "" }
        let found = sentences(result, minus: "−").map { (name: $0.name, value: $0.sentence) }
        let tables = fitTable(measured).map { headings, rows in
            Markup.table(headings, rows, isNumber: fitColumnsAreNumbers)
        }
        let costs = measured.costs.map { (name: $0.name, value: cost($0)) }
        return Markup.section(
            "Measured beyond the sweeps",
            Markup.definitions(found) + (tables.map { "<div class=\"scroll\">\n\($0)</div>\n" } ?? "")
                + "<h3>Cost, as stated before they ran</h3>\n" + Markup.definitions(costs), class: "meanings")
    }

    static func markdown(_ result: AnalysisResult) -> String {
        guard let measured = result.measurements else { return "" }
        let found = sentences(result, minus: "−").map {
            "- **\($0.name.escapedForMarkdown)**: \($0.sentence.escapedForMarkdown)"
        }
        let fits = fitTable(measured).map { headings, rows in
            MarkdownReport.table(
                headings.map(\.escapedForMarkdown), rows.map { $0.map(\.escapedForMarkdown) },
                isNumber: fitColumnsAreNumbers)
        }
        let files = MeasurementTables.files(result).map { "[\($0.path.escapedForMarkdown)](\($0.path))" }
        return [
            "## Measured beyond the sweeps", found.joined(separator: "\n"), fits,
            "All numbers are in \(files.joined(separator: ", ")) and report.json.",
        ].compactMap(\.self).joined(separator: "\n\n")
    }

    /// "about 41 plain backward passes and 180 MiB"
    static func cost(_ cost: MeasurementCost) -> String {
        let passes = NumberStyle.decimals(cost.backwardPasses < 1 ? 1 : 0).text(cost.backwardPasses)
        let memory = cost.bytes > 0 ? " and \(Quantity.bytes(cost.bytes)) of memory" : ""
        return cost.backwardPasses == 0
            ? "nothing but arithmetic" : "at most about \(passes) plain backward passes\(memory)"
    }

    private static let fitColumnsAreNumbers = [false, false, true, true, false]

    private static func fitTable(_ measured: MeasurementResults) -> (headings: [String], rows: [[String]])? {
        guard let fits = measured.fits, !fits.isEmpty else { return nil }
        let rows = fits.map { fit in
            [
                fit.quantity, fit.stage.map { "stage \($0)" } ?? MeasurementWords.wholeNetwork(fits),
                Summary.slope(fit.exponentialSlope, fit.exponentialSlopeStandardError, minus: "−") ?? "–",
                Summary.slope(fit.powerSlope, fit.powerSlopeStandardError, minus: "−") ?? "–",
                MeasurementWords.law(fit.better),
            ]
        }
        return (["log10 of", "over", "decades a unit", "exponent of n", "better"], rows)
    }
}

extension MeasurementCost {
    /// The cost in words.
    public var text: String { "\(name): \(MeasurementSection.cost(self))" }
}
