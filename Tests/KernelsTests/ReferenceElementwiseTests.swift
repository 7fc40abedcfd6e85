import Foundation
import Kernels
import ProofSupport
import Tensors
import Testing

@Suite("Reference element-wise kernels")
struct ReferenceElementwiseTests {
    private let shape = Shape(2, 3, 3, 5)
    private var x: Tensor<Double> { randomTensor(shape, seed: 1, name: "x") }
    private var y: Tensor<Double> { randomTensor(shape, seed: 1, name: "y") }

    @Test func functionsFollowTheirDefinitions() {
        let k = Double.kernels
        #expect(k.rectify(x).elements == x.elements.map { max(0, $0) })
        #expect(k.keep(x, wherePositive: y).elements == zip(x.elements, y.elements).map { $1 > 0 ? $0 : 0 })
        #expect(k.multiply(x, y).elements == zip(x.elements, y.elements).map { $0 * $1 })
        #expect(k.scale(x, by: -0.3).elements == x.elements.map { -0.3 * $0 })
        // exp is good to one rounding, the quotient adds one.
        #expect(
            zip(k.sigmoid(x, offset: 0).elements, x.elements).allSatisfy {
                abs($0 - (1 + tanh($1 / 2)) / 2) < 4e-16
            })
        #expect(
            k.addBias(x, [1, 2, 3]).elements
                == x.elements.enumerated().map { $1 + Double(1 + $0 / shape.area % 3) })
    }

    @Test func sigmoidSaturatesWithoutOverflow() {
        let extremes = Tensor<Double>([-1e4, -745, 0, 745, 1e4], shape: Shape(1, 5))
        let values = Double.kernels.sigmoid(extremes, offset: 0).elements
        #expect(values[0] == 0 && values[2] == 0.5 && values[4] == 1)
        #expect(values.allSatisfy { (0...1).contains($0) })
    }

    @Test func notANumberSurvivesTheRectifier() {
        let values = Double.kernels.rectify(Tensor<Double>([.nan, -1, .infinity], shape: Shape(1, 3)))
            .elements
        #expect(values[0].isNaN && values[1] == 0 && values[2] == .infinity)
    }

    @Test func combinationLeavesTensorsOfCoefficientZeroUnread() {
        let poison = x.map { _ in Double.nan }
        let k = Double.kernels
        #expect(k.combine(x, 2, y, -3).elements == zip(x.elements, y.elements).map { 2 * $0 + -3 * $1 })
        #expect(k.combine(x, 2, poison, 0).elements == x.elements.map { 2 * $0 })
        #expect(k.combine(poison, 0, y, -3).elements == y.elements.map { -3 * $0 })
        #expect(k.combine(poison, 0, poison, 0).elements.allSatisfy { $0 == 0 })
    }

    @Test(arguments: [Shape(2, 3, 5, 7), Shape(1, 1, 1, 1), Shape(3, 2, 1, 4)])
    func globalAverageIsTheMean(input: Shape) throws {
        let x: Tensor<Double> = randomTensor(input, seed: 3, name: "x")
        let y = try Double.kernels.globalAverage(x)
        #expect(y.shape == Shape(input.batch, input.channels))
        for (plane, mean) in y.elements.enumerated() {
            let sum = x.elements[(plane * input.area)..<((plane + 1) * input.area)].reduce(0, +)
            #expect(abs(mean - sum / Double(input.area)) < 1e-15)
        }
        let cotangent: Tensor<Double> = randomTensor(y.shape, seed: 3, name: "cotangent")
        let pulled = try Double.kernels.globalAveragePullback(cotangent, to: input)
        #expect(abs(inner(y, cotangent) - inner(x, pulled)) < 1e-14 * norm(x) * norm(cotangent))
    }
}
