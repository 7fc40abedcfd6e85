import Foundation
import Graphs
import Kernels
import ProofSupport
import Tensors
import Testing

/// Its arithmetic, with labels (N).
@Suite("Softmax cross-entropy")
struct CrossEntropyTests {
    private func loss(_ logits: Tensor<Double>, _ labels: [Int]) throws -> Double {
        try Loss.crossEntropy(Labels(labels)).value(at: logits)
    }

    @Test(arguments: [Shape(1, 2), Shape(1, 1), Shape(3, 5), Shape(7, 10)])
    func cotangentIsTheDifferenceOfTheLoss(shape: Shape) throws {
        let logits: Tensor<Double> = randomTensor(shape, seed: 4, name: "logits").map { 3 * $0 }
        let labels = (0..<shape.batch).map { (3 * $0 + 1) % shape.channels }
        let cotangent = try Loss.crossEntropy(Labels(labels)).evaluate(at: logits).cotangent.plain
        for seed in 0..<4 as Range<UInt64> {
            let v: Tensor<Double> = randomTensor(shape, seed: seed, name: "direction")
            let h = 1e-3
            func step(_ h: Double) throws -> Double {
                try loss(combination(1, logits, h, v), labels) - loss(combination(1, logits, -h, v), labels)
            }
            let difference = try (8 * step(h) - step(2 * h)) / (12 * h)
            // Fourth order, h = 1e−3: 1e−12 truncated, 1e−16/1e−3 rounded.
            #expect(abs(difference - inner(cotangent, v)) < 1e-11)
        }
        // A constant added to all logits of a sample changes nothing.
        for sample in 0..<shape.batch {
            let row = cotangent.elements[(sample * shape.channels)..<((sample + 1) * shape.channels)]
            #expect(abs(row.reduce(0, +)) < 1e-15)
        }
    }

    /// −log(1/k) for equal logits, at any offset.
    @Test func equalLogitsGiveTheLogarithmOfTheClasses() throws {
        for offset in [0.0, -800, 800, 1e300] {
            let logits = Tensor<Double>(Array(repeating: offset, count: 8), shape: Shape(2, 4))
            #expect(abs(try loss(logits, [0, 3]) - log(4)) < 1e-15)
        }
    }

    @Test func extremeLogitsStayFinite() throws {
        let logits = Tensor<Double>([1000, -1000, 0, 500], shape: Shape(2, 2))
        // e^−2000 is no number, e^−500 is one.
        #expect(abs(try loss(logits, [0, 1]) - exp(-500) / 2) < 1e-14 * exp(-500))
        #expect(try loss(logits, [1, 1]) == 1000)
    }

    /// A sure classification leaves little, not nothing: neither the loss nor the label's own element may cancel to 0.
    @Test(arguments: [20.0, 50, 200, 700, 2000]) func sureClassifications(margin: Double) throws {
        func check<Scalar: KernelScalar>(_ type: Scalar.Type, tolerance: Double) throws {
            let logits = Tensor<Scalar>(
                [Scalar(margin), 0, 0, 0, Scalar(margin + 3), 0], shape: Shape(2, 3))
            let (loss, cotangent) = try Loss.crossEntropy(Labels([0, 1])).evaluate(at: logits)
            // log(1 + 2 e^−m), the mean over both samples.
            let expected = (log1p(2 * exp(-margin)) + log1p(2 * exp(-margin - 3))) / 2
            #expect(abs(loss - expected) <= 1e-14 * expected)
            let elements: [Double] = cotangent.tensor.doubles.map { $0 / cotangent.tensor.doubles[1] }
            // e^−3, and the two normalisers.
            let less =
                Foundation.exp(-3.0) * (1 + 2 * Foundation.exp(-margin))
                / (1 + 2 * Foundation.exp(-margin - 3))
            let ratios: [Double] = [-2, 1, 1, less, -2 * less, less]
            for (found, ratio) in zip(elements, ratios) {
                #expect(abs(found - ratio) <= tolerance, "\(found) for \(ratio)")
            }
            let size =
                log10(abs(cotangent.factor * cotangent.tensor.doubles[1])) + Double(cotangent.exponent)
                * log10(2)
            let p = -margin - log1p(2 * exp(-margin)) - log(2)
            #expect(abs(size - p / log(10)) < tolerance)
        }
        try check(Float.self, tolerance: 1e-6)
        try check(Double.self, tolerance: 1e-12)
    }

    /// ±10⁴ is far outside what an exponential holds; an infinite logit has no loss, but for a class that is ruled out.
    @Test func infiniteLogits() throws {
        func check<Scalar: KernelScalar>(_ type: Scalar.Type) throws {
            let far = Tensor<Scalar>([10_000, -10_000, 0, -10_000, 10_000, 0], shape: Shape(2, 3))
            let (loss, cotangent) = try Loss.crossEntropy(Labels([1, 1])).evaluate(at: far)
            #expect(loss == 10_000)
            #expect(cotangent.plain.doubles == [0.5, -0.5, 0, 0, 0, 0])
            let open = Tensor<Scalar>([.infinity, 0, 1], shape: Shape(1, 3))
            #expect(try !Loss.crossEntropy(Labels([1])).evaluate(at: open).loss.isFinite)
            let missing = Tensor<Scalar>([.nan, 0, 1], shape: Shape(1, 3))
            #expect(try Loss.crossEntropy(Labels([1])).evaluate(at: missing).loss.isNaN)
            let closed = Tensor<Scalar>([0, 0, -.infinity], shape: Shape(1, 3))
            #expect(try abs(Loss.crossEntropy(Labels([1])).value(at: closed) - log(2)) < 1e-15)
            #expect(try Loss.crossEntropy(Labels([2])).value(at: closed) == .infinity)
        }
        try check(Float.self)
        try check(Double.self)
    }

    /// In Float nothing is lost but the last rounding of each element: a thousand classes, of logits that Float holds exactly.
    @Test func singlePrecisionIsDoubleRounded() throws {
        let logits: Tensor<Float> = randomTensor(Shape(axes: [3, 4, 1000]), seed: 2, name: "logits")
        let labels = Labels((0..<12).map { $0 == 5 ? Labels.ignored : 83 * $0 }, shape: Shape(axes: [3, 4]))
        let single = try Loss.crossEntropy(labels).evaluate(at: logits)
        let double = try Loss.crossEntropy(labels).evaluate(at: logits.converted(to: Double.self))
        #expect(single.loss == double.loss)
        #expect(single.cotangent.tensor.elements == double.cotangent.tensor.elements.map { Float($0) })
        #expect(single.cotangent.isPlain && double.cotangent.isPlain)
    }

    /// Maps that kernels laid out in blocks of channels.
    @Test func blockedLogits() throws {
        let shape = Shape(2, 5, 3, 1)
        let plain: Tensor<Float> = randomTensor(shape, seed: 3, name: "logits")
        let labels = Labels([0, 4, 2, 3, 1, 0], shape: Shape(axes: [2, 3, 1]))
        let loss = Loss.crossEntropy(labels)
        let blocked = try loss.evaluate(at: Tensor(plain.elements, shape: shape, block: 8))
        let expected = try loss.evaluate(at: plain)
        #expect(blocked.loss == expected.loss)
        #expect(blocked.cotangent.tensor.elements == expected.cotangent.tensor.elements)
    }

    @Test func labelsOutOfRangeAreErrors() {
        for label in [-1, 2, -101] {
            #expect(throws: LossError.labelOutOfRange(label: label, classes: 2)) {
                try loss(Tensor(zeros: Shape(1, 2)), [label])
            }
        }
        #expect(
            LossError.labelOutOfRange(label: 10, classes: 10).description
                == "The batch holds the label 10, but the network has only 10 classes (0 … 9).")
        #expect(throws: LossError.labelOutOfRange(label: 0, classes: 0)) {
            try loss(Tensor(zeros: Shape(1, 0)), [0])
        }
    }
}
