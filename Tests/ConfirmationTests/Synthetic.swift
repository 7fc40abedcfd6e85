import Foundation
import Kernels
import ResidualNetworks
import Tensors
import Training

@testable import Confirmation

/// Images and results made by formula.
enum Synthetic {
    /// Two classes told apart by their mean.
    ///
    /// - Parameter watch: told of every batch of a training run, by its iteration.
    static func data(watch: @escaping @Sendable (Int) throws -> Void = { _ in }) -> ConfirmationData {
        let shape = Shape(1, 1, 8, 8)
        @Sendable func batch(_ count: Int, phase: Double) -> TrainingBatch<Float> {
            let labels = (0..<count).map { $0 % 2 }
            let pixels = labels.enumerated().flatMap { index, label in
                (0..<shape.count).map { place in
                    Float(sin(Double(place * (index + 2)) + phase) + (label == 0 ? -0.7 : 0.7))
                }
            }
            return TrainingBatch(pixels: pixels, shape: shape.with(batch: count), labels: labels)
        }
        return ConfirmationData(
            name: "formula", shape: shape, classes: 2, trainingCount: 64, testCount: 16,
            batch: { seed, iteration in
                try watch(iteration)
                return batch(8, phase: Double(iteration) + 0.1 * Double(seed))
            },
            testBatchCount: 1, testBatch: { _ in batch(16, phase: 0.5) }, probe: { batch($0, phase: 0.25) })
    }

    static func tinyScale(iterations: Int = 4) -> ConfirmationScale {
        var scale = ConfirmationScale.small
        scale.depth = 8
        scale.baseWidth = 4
        scale.probeImages = 4
        scale.recipe.batch = 8
        scale.recipe = scale.recipe.stretched(to: iterations)
        return scale
    }

    static func plan(iterations: Int = 4, seeds: [UInt64] = [0, 1]) throws -> ConfirmationPlan {
        try ConfirmationPlan(
            .table1, on: .cifar10, scale: tinyScale(iterations: iterations), seeds: seeds, data: data())
    }

    /// A cell that ended with this error, its loss and slope following from it.
    static func cell(
        _ row: PaperRow, seed: UInt64, error: Double, direct: Double? = 0, breaksOff: Bool = false
    ) -> ConfirmationCell {
        ConfirmationCell(
            row: row.identity, seed: seed,
            initial: InitialMeasurement(
                directPerUnit: direct, gradientRange: 2 + error, forwardGrowth: 0.5,
                digitsLeft: 6 - 4 * error,
                negativeShares: [0.2, nil]),
            curve: [
                CurvePoint(iteration: 10, trainingLoss: 2, trainingError: 0.8, testError: 0.9),
                CurvePoint(iteration: 20, trainingLoss: error, trainingError: error, testError: error),
            ], ending: breaksOff ? .notFinite(iteration: 20, unit: 1) : .finished,
            negativeSharesAfter: [0.1, nil], seconds: 1)
    }
}

/// A folder of its own, gone with its owner.
final class ScratchFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "confirm-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
