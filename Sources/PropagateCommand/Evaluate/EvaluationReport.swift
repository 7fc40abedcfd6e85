import Foundation
import Reporting
import Training

/// What a checkpoint's network does on images, as text and as JSON.
struct EvaluationReport {
    let weights: String
    /// Iterations done; `nil` for weights that do not say.
    let iteration: Int?
    let data: String
    let part: String
    /// Side of the images.
    let side: Int
    let evaluation: Evaluation

    var text: String {
        let after = iteration.map { " after iteration \($0)" } ?? ""
        return """
            \(weights)\(after)
            \(evaluation.count) \(part) images of \(side) × \(side), \(data)

              top-1 error  \(percent(evaluation.error))
              top-5 error  \(percent(evaluation.topFiveError))
              loss         \(String(format: "%.4f", evaluation.loss))

            """
    }

    var json: String {
        JSONValue.object([
            .init("weights", .string(weights)), .init("iteration", .optional(iteration)),
            .init("data", .string(data)), .init("part", .string(part)), .init("side", .integer(side)),
            .init("images", .integer(evaluation.count)), .init("error", .finite(evaluation.error)),
            .init("top5_error", .finite(evaluation.topFiveError)), .init("loss", .finite(evaluation.loss)),
        ]).text + "\n"
    }

    private func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
}
