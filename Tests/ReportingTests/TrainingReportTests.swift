import Analysis
import Foundation
import Testing
import Training

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The report of a training run.
struct TrainingReportTests {
    /// Runs at the edge of what training can bring.
    enum Run: String, CaseIterable {
        case finished, notFinite, atOnce, interrupted, onlyTested, oneSnapshot, oneUnit, large, gaps,
            nothingMeasured, exploded, untestable
        case hostile

        var result: TrainingResult {
            var result = SyntheticTraining.finished()
            switch self {
            case .finished: break
            case .notFinite: return SyntheticTraining.notFinite()
            case .atOnce:
                result = SyntheticTraining.empty
                result.ending = .notFinite(iteration: 1, .head)
            case .interrupted: result.ending = .interrupted(iteration: 1000)
            case .onlyTested: result.curve = []
            case .oneSnapshot: result.propagation = Array(result.propagation.prefix(1))
            case .oneUnit: result.propagation = [0, 500].map { SyntheticTraining.snapshot($0, rows: 2) }
            case .large:
                result.propagation = (0..<350).map { SyntheticTraining.snapshot(3 * $0, rows: 401) }
                result.curve = (1...5000).map { SyntheticTraining.point($0) }
            case .gaps:
                for index in result.propagation.indices where index.isMultiple(of: 2) {
                    for unit in result.propagation[index].rows.indices {
                        result.propagation[index].rows[unit] = .init(
                            gradientLog10: .nan, directLog10: nil, throughWeightsLog10: -.infinity,
                            forwardRMS: 0, negativeShare: nil)
                    }
                }
            case .nothingMeasured:
                result.propagation = [PropagationSnapshot(iteration: 0, rows: [])]
            case .exploded:
                result.ending =
                    Explosion(iteration: 1000, loss: 2.6e13, firstLoss: 2.3, classes: 10)
                    .map(TrainingResult.Ending.exploded) ?? .finished
            case .untestable:
                result.evaluations.append(SyntheticTraining.evaluationWithoutOutputs(1000))
            case .hostile:
                result.configuration["shortcut"] = "mine <&\"'> | `x_l` ]]> \u{1B}[31m\u{0}"
                result.recipe.name = "my_own <recipe>"
            }
            return result
        }

        var report: TrainingReport { SyntheticTraining.report(result) }
    }

    @Test("An explosion and a test without outputs do not pass for a finished run")
    func explosion() throws {
        let exploded = Run.exploded.report
        #expect(exploded.terminal(TerminalStyle()).contains("! Exploded: the loss ended at 2.60e13"))
        #expect(!exploded.terminal(TerminalStyle()).contains("Finished"))
        let ending = TrainingJSON.fields.object(of: exploded)["ending"]
        #expect(ending?["kind"] == "exploded" && ending?["loss"] == .number(2.6e13))
        #expect(ending?["iteration"] == 1000 && ending?["place"] == .null)
        let untestable = Run.untestable.report
        let sentence = "gives outputs that are not finite for 2 of 3 test images"
        #expect(untestable.untestable?.contains(sentence) == true)
        #expect(untestable.terminal(TerminalStyle(width: 200)).contains(sentence))
        // The test before it stays the best.
        #expect(TrainingCurve(untestable.result).bestEvaluation?.evaluation.error.isFinite == true)
    }

    @Test("Figures are well-formed XML, small, with no number that is not one", arguments: Run.allCases)
    func figures(run: Run) {
        for figure in Figure.all(run.result) {
            for svg in [figure.svg, figure.inlineSVG(.half)] {
                #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(figure.name)")
                #expect(!svg.contains("nan") && !svg.contains("inf\""), "\(figure.name)")
                #expect(svg.utf8.count < 200_000, "\(figure.name)")
            }
        }
    }

    @Test("Every form can be made, and JSON follows the published schema", arguments: Run.allCases)
    func data(run: Run) throws {
        let report = run.report
        let value = TrainingJSON.fields.object(of: report)
        let schema = JSONValue.object(
            FieldType.object(TrainingJSON.fields.map(\.shape)).schema)
        #expect(SchemaAgreement.complaints(value, schema) == [])
        #expect(JSONSchema.text(.training).contains(#""$id": "urn:propagate:report:training-1.1""#))
        #expect(try JSONSerialization.jsonObject(with: Data(report.json().utf8)) is [String: Any])
        let lines = report.csv().split(separator: "\r\n")
        #expect(lines.count == TrainingCurve(report.result).rows.count + 1)
        for line in lines { #expect(line.count { $0 == "," } == TrainingCurve.fields.count - 1) }
        let paths = report.files().map(\.path)
        #expect(Set(paths).count == paths.count)
        #expect(paths.contains("propagation.csv") == !report.result.propagation.isEmpty)
    }

    @Test(
        "The terminal report keeps within its screen", arguments: Run.allCases,
        [
            TerminalStyle(), TerminalStyle(width: 80, height: 42, unicode: false),
            TerminalStyle(width: 140, height: 60),
        ])
    func terminal(run: Run, style: TerminalStyle) {
        let text = run.report.terminal(style)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= style.height)
        for line in lines { #expect(line.count <= style.width, "\(line)") }
        #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
        if !style.unicode { #expect(text.utf8.count == text.unicodeScalars.count) }
    }

    @Test("The curve has a row where either was taken, with nulls for the other")
    func curve() {
        var result = SyntheticTraining.empty
        result.curve = [20, 40].map(SyntheticTraining.point)
        result.evaluations = [SyntheticTraining.evaluation(30, wrong: 90)]
        let lines = TrainingReport(result, manifest: SyntheticTraining.manifest).csv().split(
            separator: "\r\n")
        #expect(lines[0] == "iteration,learning_rate,loss,error,test_loss,test_error,test_top5_error")
        #expect(lines[1].hasPrefix("20,0.01,") && lines[1].hasSuffix(",,,"))
        // 45 of 359 are taken for the last class of ten.
        #expect(lines[2] == "30,,,,0.25,\(90.0 / 359),\(45.0 / 359)")
        #expect(lines.count == 4)
    }

    @Test("What is not finite or was not tried is null in the CSV, and a gap in the figure")
    func gaps() {
        let report = SyntheticTraining.report(SyntheticTraining.notFinite())
        #expect(report.csv().contains("68,0.1,,0.875,,,\r\n"))
        var result = SyntheticTraining.finished()
        result.curve[10].loss = .nan
        let whole = Figure.curves(SyntheticTraining.finished())[0].svg
        let broken = Figure.curves(result)[0].svg
        func pieces(_ svg: String) -> Int? {
            svg.components(separatedBy: "class=\"line plain blue\" d=\"").last?
                .prefix { $0 != "\"" }.count { $0 == "M" }
        }
        #expect(pieces(whole) == 1 && pieces(broken) == 2)
    }

    @Test("The line of the test set goes on over rows where it was not tried")
    func sparse() {
        let runs = Decimation.runs([1, nil, 2, nil, nil, 3], limit: 10, isSparse: true)
        #expect(runs.map(\.count) == [3])
        let broken = Decimation.runs([1, nil, 2, nil, nil, 3], limit: 10, breaks: [5], isSparse: true)
        #expect(broken.map(\.count) == [2, 1])
    }

    @Test("Changes of the learning rate stand at their iterations, those not reached nowhere")
    func rates() {
        let curve = TrainingCurve(SyntheticTraining.finished())
        #expect(curve.rates.map(\.iteration) == [0, 50, 500, 750])
        // The products of the schedule, exact to rounding.
        for (found, expected) in zip(curve.rates.map(\.rate), [0.01, 0.1, 0.01, 0.001]) {
            #expect(abs(found - expected) < 1e-15)
        }
        // Rows are iterations 20, 40, …; 50 lies in the middle between the second and the third.
        #expect(curve.rates.map { curve.place(of: $0.iteration) } == [0, 1.5, 24, 36.5])
        #expect(TrainingCurve(SyntheticTraining.empty).rates.map(\.iteration) == [0])
    }

    @Test("Three maps of the norms share their colours, and leave nulls uncoloured")
    func heatMaps() throws {
        let result = SyntheticTraining.finished()
        let figures = Figure.propagation(result)
        #expect(
            figures.map(\.name) == [
                "propagation-total", "propagation-direct", "propagation-through-weights",
                "propagation-forward", "negative-share",
            ])
        // Six snapshots of ten rows: numbers are written, and every map's legend ends at −4.25 and 1.
        for figure in figures.prefix(3) {
            #expect(figure.svg.contains("text-anchor=\"start\" class=\"tick\">−4.2</text>"), "\(figure.name)")
            #expect(figure.svg.contains("text-anchor=\"end\" class=\"tick\">1.0</text>"), "\(figure.name)")
        }
        // Below unit 3 at 500 and 1000.
        #expect(figures[1].svg.components(separatedBy: ">–</text>").count - 1 == 6)
        #expect(Figure.propagation(SyntheticTraining.empty).isEmpty)
    }

    @Test("Columns are labelled by their iterations, however irregular, first and last always")
    func labels() {
        let result = SyntheticTraining.finished(snapshots: [0, 1, 2, 4, 8, 16, 400, 1000], rows: 50)
        let svg = Figure.propagation(result)[0].svg
        for label in ["0", "1", "2", "4", "8", "16", "400", "1,000"] {
            #expect(svg.contains("class=\"tick\">\(label)</text>"), "\(label)")
        }
        let many = SyntheticTraining.finished(snapshots: (0..<300).map { 7 * $0 }, rows: 400)
        let large = Figure.propagation(many)[0].svg
        #expect(large.contains(">2,093</text>") && large.contains("class=\"tick\">399</text>"))
        #expect(Figure.propagation(many)[0].caption.contains("80 of 300 measurements"))
    }

    @Test("Markdown has each map as a table, at the first, the middle and the last measurement")
    func tables() throws {
        let result = SyntheticTraining.finished()
        let table = PropagationTable(.direct, result)
        #expect(table.headings == ["l", "at initialisation", "after iteration 100", "after iteration 1,000"])
        #expect(table.rows.first == ["0", "−4.00", "−4.10", "–"])
        #expect(table.rows.last == ["9", "−1.00", "−1.00", "−1.00"])
        let markdown = TrainingDocuments.markdown(SyntheticTraining.report(result))
        #expect(markdown.contains("| 0 | −4.00 | −4.10 | – |"))
        let lines = try #require(
            SyntheticTraining.report(result).files().first { $0.path == "propagation.csv" }
        )
        .contents.split(separator: "\r\n")
        #expect(lines.count == 61)
        #expect(
            lines[0]
                == "iteration,unit,gradient_log10,direct_log10,through_weights_log10,forward_rms,negative_share"
        )
        #expect(lines[60] == "1000,9,-1.0,-1.0,,\(pow(2, 9.0 / 8 + 1)),")
    }

    @Test("How it ended is said first, with the way to go on")
    func endings() {
        var result = SyntheticTraining.finished()
        func ending() -> String {
            TrainingWords(result).ending(resumption: ["propagate", "train", "--resume", "a run"])
        }
        #expect(ending() == "Finished: 1,000 iterations in 5 min 10 s.")
        result.ending = .interrupted(iteration: 412)
        #expect(
            ending()
                == "Interrupted after iteration 412 of 1,000. To go on from there: propagate train --resume 'a run'"
        )
        for (place, clause) in [
            (NonFinitePlace.stem, "the loss of iteration 69 is not finite; nor is the output of the stem"),
            (.head, "the loss of iteration 69 is not finite; the output of every unit still is"),
            (.parameters, "iteration 69 left parameters that are not finite"),
        ] {
            result.ending = .notFinite(iteration: 69, place)
            #expect(ending() == "Stopped: \(clause).")
            let json = SyntheticTraining.report(result).json()
            #expect(json.contains("\"place\": \"\(place)\""))
        }
        result.ending = .notFinite(iteration: 69, .unit(4))
        #expect(
            ending()
                == "Stopped: the loss of iteration 69 is not finite; unit 4 is the first whose output is not."
        )
        let report = SyntheticTraining.report(result)
        #expect(
            report.terminal(TerminalStyle()).contains("! Stopped: the loss of iteration 69 is not finite"))
        #expect(
            TrainingDocuments.html(report).contains("<p class=\"alert\">Stopped: the loss of iteration 69"))
        #expect(TrainingDocuments.markdown(report).contains("> **Stopped: the loss of iteration 69"))
    }

    @Test("Outcome, ranges and the cost of measuring are told")
    func outcome() {
        let words = TrainingWords(SyntheticTraining.finished(), minus: "-")
        let outcome = Dictionary(uniqueKeysWithValues: words.outcome.map { ($0.name, $0.value) })
        // By the formula 120 − 11 k, and 12 more at the end: 21 of 359 at 900, 22 at 1,000.
        #expect(outcome["test error, top-1"] == "6.13 %")
        #expect(outcome["training error"] == "0.00 %")
        #expect(outcome["best test error"] == "5.85 % at 900")
        #expect(
            words.gradientRange == [
                "at initialisation: total 2.00, direct -3.00, through weights 2.00",
                "after iteration 1,000: total 0.50, direct –, through weights 0.50",
            ])
        #expect(words.cost == "Propagation was measured 6 times, which took 12.5 s, 4.0 % of the wall time.")
        let nothing = TrainingWords(SyntheticTraining.empty)
        #expect(nothing.cost == nil && nothing.gradientRange.isEmpty)
        #expect(nothing.outcome.allSatisfy { $0.value == "–" })
    }

    @Test("The recipe names its preset, and every number that is not the preset's")
    func recipe() throws {
        let table = RecipeTable(SyntheticTraining.finished().recipe)
        #expect(table.differences == ["momentum rule", "replicas"])
        #expect(table.convention.hasSuffix("Other than there: momentum rule, replicas."))
        let rule = try #require(table.rows.first { $0.name == "momentum rule" })
        #expect(rule.value == "nesterov" && rule.preset == "rate-in-velocity")
        #expect(rule.meaning.contains("Nesterov"))
        for preset in TrainingRecipe.presets {
            #expect(RecipeTable(preset).convention.hasSuffix("in every number."), "\(preset.name)")
        }
        var own = TrainingRecipe.paper
        own.name = "mine"
        #expect(RecipeTable(own).rows.allSatisfy { $0.preset == nil && !$0.differs })
        #expect(RecipeTable(own).convention == "The recipe is named mine, which is none of the presets.")
        #expect(
            SyntheticTraining.finished().recipe.sentence.hasPrefix(
                "1,000 iterations of 64 images in 2 replicas; η 0.01 for 50, then 0.1, × 0.1 at 500 and 750; "
                    + "momentum 0.9 (nesterov); weight decay 1e-4 on all;"))
    }

    @Test("Numbers lose the zeros that say nothing, and no others")
    func trimmed() {
        let style = NumberStyle.significant(3)
        let texts = [0.1, 1e-4, 0.0125, 100, 0, 1.5, 12_000_000].map { style.trimmed($0) }
        #expect(texts == ["0.1", "1e-4", "0.0125", "100", "0", "1.5", "1.2e7"])
    }

    @Test("Times are told in the units that people use")
    func durations() {
        let texts = [0.416, 12.34, 59.97, 310, 7499.6].map(Quantity.duration)
        #expect(texts == ["0.42 s", "12.3 s", "1 min 0 s", "5 min 10 s", "2 h 5 min"])
        #expect(Quantity.duration(.nan) == "an unknown time")
    }
}
