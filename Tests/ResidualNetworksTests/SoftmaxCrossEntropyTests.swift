import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@Suite("Softmax cross-entropy")
struct SoftmaxCrossEntropyTests {
    private func loss(_ logits: Tensor<Double>, _ labels: [Int]) throws -> Double {
        try SoftmaxCrossEntropy(labels: labels).evaluate(at: logits).loss
    }

    @Test(arguments: [Shape(1, 2), Shape(1, 1), Shape(3, 5), Shape(7, 10)])
    func cotangentIsTheDifferenceOfTheLoss(shape: Shape) throws {
        let logits: Tensor<Double> = randomTensor(shape, seed: 4, name: "logits").map { 3 * $0 }
        let labels = (0..<shape.batch).map { (3 * $0 + 1) % shape.channels }
        let cotangent = try SoftmaxCrossEntropy(labels: labels).evaluate(at: logits).cotangent.plain
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
            let (loss, cotangent) = try SoftmaxCrossEntropy(labels: [0, 1]).evaluate(at: logits)
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

    @Test func labelsOutOfRangeAreErrors() {
        for label in [-1, 2] {
            #expect(throws: NetworkError.labelOutOfRange(label: label, classes: 2)) {
                try loss(Tensor(zeros: Shape(1, 2)), [label])
            }
        }
    }
}
