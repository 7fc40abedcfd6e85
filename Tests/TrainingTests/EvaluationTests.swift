import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@testable import Training

@Suite("Evaluation")
struct EvaluationTests {
    /// Six classes, counted by hand.
    @Test func errorsAreCounted() {
        let logits: [Double] = [
            9, 1, 2, 3, 4, 5,  // label 0: right
            0, 1, 2, 3, 4, 5,  // label 0: last of six
            5, 1, 2, 3, 4, 5,  // label 5: as likely as class 0, which comes first
        ]
        var evaluation = Evaluation()
        evaluation.add(Tensor(logits, shape: Shape(3, 6)), labels: [0, 0, 5], loss: 2)
        evaluation.add(Tensor([1, 0, 0, 0, 0, 0], shape: Shape(1, 6)), labels: [0], loss: 12)
        #expect(evaluation.count == 4 && evaluation.notFinite == 0)
        #expect(evaluation.error == 2.0 / 4)
        #expect(evaluation.topFiveError == 1.0 / 4)
        // (3 · 2 + 12) / 4.
        #expect(evaluation.loss == 4.5)
        #expect(evaluation.errorWhereFinite == 2.0 / 4)
    }

    /// A network without outputs is not one that is always wrong.
    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func outputsThatAreNotFiniteHaveNoError(value: Double) {
        var evaluation = Evaluation()
        evaluation.add(
            Tensor([0, 9, value, 1, 2, 1], shape: Shape(3, 2)), labels: [0, 0, 0], loss: value)
        #expect(evaluation.count == 3 && evaluation.notFinite == 1)
        #expect(evaluation.error.isNaN && evaluation.topFiveError.isNaN && evaluation.loss.isNaN)
        #expect(evaluation.errorWhereFinite == 1.0 / 2)
        evaluation = Evaluation()
        evaluation.add(Tensor([value, 1], shape: Shape(1, 2)), labels: [1], loss: value)
        #expect(evaluation.errorWhereFinite == nil)
    }

    /// Inference sees every image by itself, and the last of a test's batches may be smaller or larger than the others.
    @Test(arguments: [[3, 3, 1], [2, 5], [7], [1, 1, 1, 1, 1, 1, 1]])
    func batchesDoNotMatter(sizes: [Int]) throws {
        func evaluated<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> [Evaluation] {
            let design = NetworkDesign(
                block: .basic, unitsPerStage: 1, layout: .original, baseWidth: 4, classes: 3,
                input: Shape(1, 3, 8, 8))
            var state = try TrainingState<Scalar>(design, from: HeInitialization(seed: 8))
            let pixels = FormulaParameters.spread("images", count: 7 * 192, center: 0, width: 2)
            func batch(_ range: Range<Int>) -> TrainingBatch<Scalar> {
                TrainingBatch(
                    pixels: pixels[(range.lowerBound * 192)..<(range.upperBound * 192)].map { Float($0) },
                    shape: Shape(range.count, 3, 8, 8), labels: range.map { $0 % 3 })
            }
            // For running statistics.
            let optimization = Optimization(schedule: LearningRateSchedule(base: 0.1, milestones: []))
            _ = try TrainingStep<Scalar>(design, optimization, seed: 8).advance(&state, on: batch(0..<7))
            let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
            let batches = zip(starts, starts.dropFirst()).map { batch($0..<$1) }
            return [try state.evaluate(design, on: batches), try state.evaluate(design, on: [batch(0..<7)])]
        }
        for (found, tolerance) in [
            // Sums of seven losses in another order; in Float each loss is a rounded log of sums of three.
            (try evaluated(in: Double.self), 1e-14), (try evaluated(in: Float.self), 1e-6),
        ] {
            #expect(found[0].count == 7 && found[0].error == found[1].error)
            #expect(abs(found[0].loss - found[1].loss) <= tolerance * found[1].loss)
        }
    }

    /// 2.6e13 is finite, and nothing was learnt.
    @Test func anExplosionIsToldByTheTaskItself() throws {
        let guessing = log(10.0)
        #expect(Explosion(iteration: 9, loss: 10 * guessing, firstLoss: 2, classes: 10) == nil)
        let explosion = try #require(Explosion(iteration: 9, loss: 2.6e13, firstLoss: 2, classes: 10))
        #expect(explosion.reference == guessing)
        // A deep network without normalisation may begin far above guessing.
        #expect(Explosion(iteration: 9, loss: 80, firstLoss: 8.1, classes: 10) == nil)
        #expect(Explosion(iteration: 9, loss: 82, firstLoss: 8.1, classes: 10)?.reference == 8.1)
        // One class cannot be guessed wrongly.
        #expect(Explosion(iteration: 9, loss: 0, firstLoss: 0, classes: 1) == nil)
    }
}
