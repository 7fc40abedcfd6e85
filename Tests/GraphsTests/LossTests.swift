import Foundation
import Graphs
import Kernels
import NumericalMethods
import ProofSupport
import Tensors
import Testing

/// Losses of outputs of every shape.
struct LossTests {
    /// PyTorch's cross-entropy in double precision: `Scripts/pytorch/make_loss_fixtures.py`.
    struct Fixture: Decodable, Sendable, CustomStringConvertible {
        let name: String
        let shape: [Int]
        let labelShape: [Int]
        let logits: [Double]
        let labels: [Int]
        let loss: Double
        let gradient: [Double]

        var description: String { name }
        var target: Loss { .crossEntropy(Labels(labels, shape: Shape(axes: labelShape))) }

        static let all: [Fixture] = {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Fixtures/losses.json")
            return (try? JSONDecoder().decode([Fixture].self, from: Data(contentsOf: file))) ?? []
        }()
    }

    @Test func fixturesAreThere() { #expect(Fixture.all.count == 12) }

    @Test("Loss and gradient agree with PyTorch", arguments: Fixture.all)
    func agreement(fixture: Fixture) throws {
        func check<Scalar: KernelScalar>(_ type: Scalar.Type, loss: Double, gradient: Double) throws {
            let logits = Tensor<Scalar>(rounding: fixture.logits, shape: Shape(axes: fixture.shape))
            let found = try fixture.target.evaluate(at: logits)
            #expect(abs(found.loss - fixture.loss) <= loss * fixture.loss)
            #expect(try fixture.target.value(at: logits) == found.loss)
            #expect(found.cotangent.tensor.shape == logits.shape)
            let expected = Tensor<Double>(fixture.gradient, shape: logits.shape)
            #expect(relativeError(found.cotangent.plain.converted(to: Double.self), expected) <= gradient)
        }
        // A few roundings of either; in Float of logits up to 200, which count in full in the exponent.
        try check(Double.self, loss: 1e-14, gradient: 1e-14)
        try check(Float.self, loss: 1e-6, gradient: 2e-5)
    }

    @Test("The cotangent is the loss's difference", arguments: Fixture.all)
    func differences(fixture: Fixture) throws {
        let logits = Tensor<Double>(fixture.logits, shape: Shape(axes: fixture.shape))
        let cotangent = try fixture.target.evaluate(at: logits).cotangent.plain
        for seed in 0..<4 as Range<UInt64> {
            let v: Tensor<Double> = randomTensor(logits.shape, seed: seed, name: fixture.name)
            func step(_ h: Double) throws -> Double {
                try fixture.target.value(at: combination(1, logits, h, v))
                    - fixture.target.value(at: combination(1, logits, -h, v))
            }
            let h = 1e-3
            let difference = try (8 * step(h) - step(2 * h)) / (12 * h)
            // Fourth order, h = 1e−3: 1e−12 truncated, and losses up to 100 rounded by 1e−14 over 1e−3.
            #expect(abs(difference - inner(cotangent, v)) < 1e-10, "seed \(seed)")
        }
    }

    @Test("Labels (N) fit maps of one place, however it is written")
    func onePlace() throws {
        let logits: Tensor<Double> = randomTensor(Shape(axes: [3, 5]), seed: 1, name: "logits")
        let expected = try Loss.crossEntropy(Labels([1, 4, 0])).evaluate(at: logits)
        for axes in [[3, 5, 1], [3, 5, 1, 1], [3, 5, 1, 1, 1]] {
            for labelAxes in [[3], Array(axes[..<1] + axes[2...])] {
                let labels = Labels([1, 4, 0], shape: Shape(axes: labelAxes))
                let found = try Loss.crossEntropy(labels).evaluate(at: logits.reshaped(Shape(axes: axes)))
                #expect(found.loss == expected.loss)
                #expect(found.cotangent.tensor.elements == expected.cotangent.tensor.elements)
                #expect(found.cotangent.tensor.shape == Shape(axes: axes))
            }
        }
    }

    @Test("What an ignored label's row holds is of no matter")
    func ignoredRows() throws {
        let logits = Tensor<Double>([1, 2, 3, .infinity, .nan, 0, 3, 1, 2], shape: Shape(axes: [3, 3]))
        let (loss, cotangent) = try Loss.crossEntropy(Labels([0, Labels.ignored, 1])).evaluate(at: logits)
        let others = logits.elements[..<3] + logits.elements[6...]
        let rest = Tensor<Double>(Array(others), shape: Shape(axes: [2, 3]))
        let expected = try Loss.crossEntropy(Labels([0, 1])).evaluate(at: rest)
        #expect(loss == expected.loss)
        let found = cotangent.tensor.elements
        #expect(Array(found[..<3] + found[6...]) == expected.cotangent.tensor.elements)
        #expect(Array(found[3..<6]) == [0, 0, 0])
    }

    @Test("Labels that do not fit are refused with the shapes that would")
    func refusedShapes() {
        func sentence(_ labels: [Int], _ logits: [Int]) -> String? {
            let labels = Labels(
                Array(repeating: 0, count: labels.reduce(1, *)), shape: Shape(axes: labels))
            do {
                _ = try Loss.crossEntropy(labels).evaluate(at: Tensor<Double>(zeros: Shape(axes: logits)))
                return nil
            } catch { return "\(error)" }
        }
        #expect(
            sentence([3], [2, 4]) == "Labels of shape (3) do not fit logits of shape (2, 4); expected (2).")
        #expect(
            sentence([2], [2, 4, 10])
                == "Labels of shape (2) do not fit logits of shape (2, 4, 10); "
                + "expected (2, 4), or with classes along axis 1 (2, 10).")
        #expect(
            sentence([2, 4, 4], [2, 4, 4])
                == "Labels of shape (2, 4, 4) do not fit logits of shape (2, 4, 4); expected (2, 4).")
        #expect(
            sentence([], [])
                == "The output is a single number and has no axis of classes; "
                + "another loss than cross-entropy may fit.")
        #expect(sentence([2, 1], [2, 4]) != nil)
        #expect(sentence([2, 10], [2, 4, 10]) == nil)
    }

    @Test("A batch without a label that counts has no loss")
    func nothingCounts() {
        let ignored = Labels([Labels.ignored, Labels.ignored])
        let error = #expect(throws: LossError.self) {
            try Loss.crossEntropy(ignored).evaluate(at: Tensor<Float>(zeros: Shape(axes: [2, 3])))
        }
        #expect(
            error?.description
                == "All 2 labels of the batch are -100, which are left out, so there is nothing to take the loss of."
        )
        for shape in [Shape(axes: [0, 3]), Shape(axes: [0, 0])] {
            #expect(throws: LossError.everyLabelIgnored(count: 0)) {
                try Loss.crossEntropy(Labels([])).evaluate(at: Tensor<Float>(zeros: shape))
            }
        }
        let empty = Labels([], shape: Shape(axes: [2, 0]))
        #expect(throws: LossError.everyLabelIgnored(count: 0)) {
            try Loss.crossEntropy(empty).evaluate(at: Tensor<Double>(zeros: Shape(axes: [2, 3, 0])))
        }
    }

    @Test("A cotangent of a seed is what splitmix64 gives")
    func seededCotangent() throws {
        let output: Tensor<Double> = randomTensor(Shape(axes: [2, 1, 3]), seed: 5, name: "output")
        let (loss, cotangent) = try Loss.cotangent(seed: 0).evaluate(at: output)
        #expect(cotangent.isPlain && cotangent.tensor.shape == output.shape)
        let first = [0.7666216164272852, -0.13694400590298006, -0.9471324568148045]
        #expect(Array(cotangent.tensor.elements[..<3]) == first)
        #expect(abs(loss - inner(cotangent.tensor, output)) < 1e-15)
        #expect(try Loss.cotangent(seed: 0).value(at: output) == loss)
        #expect(try Loss.cotangent(seed: 1).value(at: output) != loss)
        let single = try Loss.cotangent(seed: 0).evaluate(at: output.converted(to: Float.self))
        #expect(single.cotangent.tensor.elements == cotangent.tensor.elements.map { Float($0) })
        // The largest seed is one like any other.
        let last = try Loss.cotangent(seed: .max).evaluate(at: output).cotangent.tensor.elements
        #expect(last.allSatisfy { abs($0) <= 1 })
        let open = Tensor<Double>([1, .infinity], shape: Shape(axes: [2]))
        #expect(try !Loss.cotangent(seed: 0).evaluate(at: open).loss.isFinite)
    }

    @Test("Random labels follow from the seed, and all classes come about")
    func randomLabels() throws {
        let shape = Shape(axes: [40, 50])
        let labels = try Labels.random(seed: 1, shape: shape, classes: 5)
        #expect(labels.shape == shape)
        #expect(try labels == Labels.random(seed: 1, shape: shape, classes: 5))
        #expect(try labels != Labels.random(seed: 2, shape: shape, classes: 5))
        // Binomial of 2000 and ⅕: mean 400, deviation 18.
        for label in 0..<5 { #expect(abs(labels.elements.count { $0 == label } - 400) < 90) }
        for classes in [0, -1, Int(UInt32.max) + 1] {
            #expect(throws: LossError.classesOfRandomLabels(classes)) {
                try Labels.random(seed: 1, shape: shape, classes: classes)
            }
        }
        #expect(LossError.classesOfRandomLabels(0).description == "Labels cannot be drawn from 0 classes.")
    }
}
