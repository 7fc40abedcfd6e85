import ResidualNetworks
import Training

/// What a checkpoint's network does on images, as text and as JSON.
public struct EvaluationReport: Sendable {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "evaluation-1.0"

    let weights: String
    let iteration: Int?
    let part: String
    let side: Int
    let evaluation: Evaluation
    let functions: [DesignFunction]
    let manifest: RunManifest

    /// - Parameters:
    ///   - weights: where they are.
    ///   - iteration: iterations done; `nil` for weights that do not say.
    ///   - part: test or training.
    ///   - side: of the images, in pixels.
    ///   - functions: those that formulas give the network.
    public init(
        weights: String, iteration: Int?, part: String, side: Int, evaluation: Evaluation,
        functions: [DesignFunction] = [], manifest: RunManifest
    ) {
        self.weights = weights
        self.iteration = iteration
        self.part = part
        self.side = side
        self.evaluation = evaluation
        self.functions = functions
        self.manifest = manifest
    }

    /// Why there are no errors, in a sentence; `nil` where there are.
    public var obstacle: String? {
        guard evaluation.notFinite > 0 else { return nil }
        let count = evaluation.notFinite
        let rest = evaluation.errorWhereFinite.map {
            ", and errs in \(percent($0)) of the other \(Quantity.grouped(evaluation.count - count))"
        }
        return "The network gives outputs that are not finite for \(Quantity.grouped(count)) of "
            + "\(Quantity.counted(evaluation.count, "image"))\(rest ?? "")."
    }

    public func terminal(_ style: TerminalStyle) -> String {
        let after = iteration.map { " after iteration \(Quantity.grouped($0))" } ?? ""
        let heading = "\(weights)\(after)"
        let images = "\(part) images of \(side) × \(side), \(manifest.data?.name ?? "")"
        let numbers = [
            "top-1 error  \(percent(evaluation.error))", "top-5 error  \(percent(evaluation.topFiveError))",
            "loss         \(evaluation.loss.isFinite ? NumberStyle.decimals(4).text(evaluation.loss) : "not finite")",
        ]
        let lines =
            TextLayout.wrap(style.shown(heading), width: style.width, indent: " ").map {
                style.paint($0, .heading)
            } + style.lines(of: functions) + RunSubject(manifest).terminal(style)
            + TextLayout.wrap(style.shown(images), width: style.width, indent: " ") + [""]
            + numbers.map { "   " + style.shown($0) }
        let alert = obstacle.map { obstacle in
            TextLayout.wrap("! " + style.shown(obstacle), width: style.width, indent: " ")
                .map { style.paint($0, .bad) }
        }
        return (lines + (alert.map { [""] + $0 } ?? [])).joined(separator: "\n") + "\n"
    }

    public var json: String { Self.fields.object(of: self).text }

    private func percent(_ share: Double) -> String {
        share.isFinite ? NumberStyle.decimals(2).text(100 * share) + " %" : "–"
    }

    static let fields: [ReportField<EvaluationReport>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        .rows("functions", "Functions that formulas give the network.", JSONReport.functionFields) {
            $0.functions
        },
        .string("weights", "Where the weights are.") { $0.weights },
        .optionalInteger("iteration", "Iterations done; null for weights that do not say.") { $0.iteration },
        .string("data", "Where the images are from.") { $0.manifest.data?.name ?? "" },
        .word("part", "Which of them.", of: ["test", "training"]) { $0.part },
        .integer("side", "Of the images, in pixels.") { $0.side },
        .integer("images", "How many.") { $0.evaluation.count },
        .integer("not_finite_images", "Those for which an output of the network is not finite.") {
            $0.evaluation.notFinite
        },
        .number(
            "error", "Share whose likeliest class is wrong (top-1); null where an output is not finite."
        ) { $0.evaluation.error },
        .number("top5_error", "Share whose class is not among the likeliest five; null likewise.") {
            $0.evaluation.topFiveError
        },
        .number("loss", "E: softmax cross-entropy, mean over the images; null likewise.") {
            $0.evaluation.loss
        },
        .number(
            "error_where_finite", "Top-1 error among the images whose outputs are finite; null of none."
        ) { $0.evaluation.errorWhereFinite },
    ]
}
