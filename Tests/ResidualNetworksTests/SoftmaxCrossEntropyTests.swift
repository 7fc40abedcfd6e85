import Foundation
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
        let cotangent = try SoftmaxCrossEntropy(labels: labels).evaluate(at: logits).cotangent
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
        #expect(try loss(logits, [0, 1]) == 0)
        #expect(try loss(logits, [1, 1]) == 1000)
    }

    @Test func labelsOutOfRangeAreErrors() {
        for label in [-1, 2] {
            #expect(throws: NetworkError.labelOutOfRange(label: label, classes: 2)) {
                try loss(Tensor(zeros: Shape(1, 2)), [label])
            }
        }
    }
}
