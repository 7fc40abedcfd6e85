import Analysis
import Foundation
import Kernels
import Tensors
import Training

@testable import Reporting

/// Training runs made by formula.
enum SyntheticTraining {
    static func report(_ result: TrainingResult) -> TrainingReport {
        TrainingReport(
            result, manifest: manifest,
            resumption: ["propagate", "train", "--depth", "20", "--resume", "runs/a run"])
    }

    static let manifest: RunManifest = {
        var manifest = SyntheticResult.manifest
        manifest.command = ["propagate", "train", "--depth", "20", "--unit", "original"]
        return manifest
    }()

    /// Finished; the test set tried every 100 iterations, propagation measured at irregular ones.
    static func finished(
        snapshots: [Int] = [0, 10, 100, 250, 500, 1000], rows: Int = 10
    ) -> TrainingResult {
        var result = empty
        result.curve = (1...50).map { point(20 * $0) }
        result.evaluations = (1...10).map { evaluation(100 * $0, wrong: 120 - 11 * $0 + ($0 == 10 ? 12 : 0)) }
        result.propagation = snapshots.map { snapshot($0, rows: rows) }
        result.ending = .finished
        result.seconds = 310
        result.measuringSeconds = 12.5
        return result
    }

    /// Of more units and measurements than there is room for numbers, ever further apart.
    static func long() -> TrainingResult { finished(snapshots: (0..<45).map { $0 * $0 / 2 }, rows: 55) }

    /// Stopped by a loss that is not finite, before the test set was tried.
    static func notFinite() -> TrainingResult {
        var result = empty
        result.recipe = .torch
        result.curve = (1...3).map { point(20 * $0) }
        result.curve.append(TrainingPoint(iteration: 68, learningRate: 0.1, loss: .infinity, error: 0.875))
        result.ending = .notFinite(iteration: 69, .unit(4))
        result.seconds = 4.25
        return result
    }

    /// Nothing but what was to be done.
    static var empty: TrainingResult {
        var recipe = TrainingRecipe.digits
        recipe.optimization.rule = .nesterov
        recipe.optimization.replicas = 2
        return TrainingResult(
            configuration: [
                "architecture": "cifar", "depth": "20", "unit": "original", "block": "basic",
                "shortcut": "identity", "data": "digits", "precision": "single", "threads": "2",
            ], recipe: recipe, seed: 7, parameters: 272_474, trainingImages: 1438, testImages: 359)
    }

    static func point(_ iteration: Int) -> TrainingPoint {
        let left = pow(2, -Double(iteration) / 128)
        return TrainingPoint(
            iteration: iteration,
            learningRate: TrainingRecipe.digits.optimization.schedule.rate(at: iteration - 1),
            loss: 2.3 * left + 0.004, error: iteration > 900 ? 0 : 0.9 * left)
    }

    /// Of 359 images: `wrong` are taken for another class, half of these for one that five are likelier than.
    static func evaluation(_ iteration: Int, wrong: Int, loss: Double = 0.25) -> EvaluationPoint {
        let count = 359
        let logits = (0..<count).flatMap { image -> [Double] in
            // The label is 0: likeliest, second, or last of ten.
            let own: Double = image >= wrong ? 1 : image.isMultiple(of: 2) ? 0.5 : -2
            return [own, 0.75] + (0..<8).map { _ in -1 }
        }
        var evaluation = Evaluation()
        evaluation.add(
            Tensor(logits, shape: Shape(count, 10, 1, 1)), labels: Array(repeating: 0, count: count),
            loss: loss)
        return EvaluationPoint(iteration: iteration, evaluation: evaluation)
    }

    /// Of three images, for two of which the network gives no number.
    static func evaluationWithoutOutputs(_ iteration: Int) -> EvaluationPoint {
        var evaluation = Evaluation()
        evaluation.add(
            Tensor([.nan, 1, 1, 0, 0, .infinity], shape: Shape(3, 2, 1, 1)), labels: [0, 0, 0], loss: .nan)
        return EvaluationPoint(iteration: iteration, evaluation: evaluation)
    }

    /// Gradients that level off as training goes on. The direct term is 0 below unit 3 after iteration 300.
    static func snapshot(_ iteration: Int, rows: Int) -> PropagationSnapshot {
        let share = Double(iteration) / 1000
        return PropagationSnapshot(
            iteration: iteration,
            rows: (0..<rows).map { unit in
                let height = Double(rows - 1 - unit) / Double(max(1, rows - 1))
                return PropagationSnapshot.Row(
                    gradientLog10: -1 + (2 - 1.5 * share) * height,
                    directLog10: iteration > 300 && unit < 3 ? nil : -1 - (3 + share) * height,
                    throughWeightsLog10: unit == rows - 1 ? nil : -1 + (2 - 1.5 * share) * height,
                    forwardRMS: pow(2, Double(unit) / 8 + share),
                    negativeShare: unit == rows - 1 ? nil : 0.25 - 0.125 * share + 0.0625 * height)
            })
    }
}
