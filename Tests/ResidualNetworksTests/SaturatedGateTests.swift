import Foundation
import Graphs
import Kernels
import ProofSupport
import Tensors
import Testing

@testable import Operators

/// σ and products with it where σ(x) is less than the type's smallest number.
@Suite("Saturated gates")
struct SaturatedGateTests {
    private static let shape = Shape(2, 3, 2, 2)

    private func input<Scalar: KernelScalar>(near center: Double) -> Tensor<Scalar> {
        let noise: Tensor<Scalar> = randomTensor(Self.shape, seed: 8, name: "x")
        return noise.map { Scalar(center) + $0 }
    }

    /// log10 of the root mean square of a scaled tensor.
    private func size<Scalar: KernelScalar>(_ x: ScaledTensor<Scalar>) -> Double {
        x.log10Norm(squaredNorm: Scalar.kernels.sumOfSquares(x.tensor)).value ?? -.infinity
    }

    @Test(arguments: [-1500.0, -800, -200, -90, -30, 0, 30, 200, 800]) func valueAndSlope(center: Double)
        throws
    {
        func check<Scalar: KernelScalar>(_ type: Scalar.Type, tolerance: Double) throws {
            let x: Tensor<Scalar> = input(near: center)
            let evaluation = try Sigmoid().value(of: [Value(x)])
            // log σ(x) = −log(1 + e^−x), and σ′ = σ(x) σ(−x), each in the logarithm.
            func log(_ x: Double) -> Double { x > 0 ? -log1p(exp(-x)) : x - log1p(exp(x)) }
            let xs = x.elements.map { Double($0) }
            func expected(_ logarithms: [Double]) -> Double {
                let largest = logarithms.max() ?? 0
                return (largest + 0.5 * Foundation.log(logarithms.reduce(0) { $0 + exp(2 * ($1 - largest)) }))
                    / Foundation.log(10)
            }
            #expect(abs(size(evaluation.value.promoted) - expected(xs.map { log($0) })) < tolerance)
            let ones = Tensor<Scalar>(Array(repeating: 1, count: x.shape.count), shape: x.shape)
            let point = Point(
                shapes: [x.shape], resultShape: x.shape, operands: [Value(x)], result: evaluation.value,
                residue: evaluation.residue)
            let slope = try Sigmoid().vjp(ones, to: 0, at: point)
            #expect(abs(size(slope) - expected(xs.map { log($0) + log(-$0) })) < tolerance)
        }
        // Roundings of x and of the exponential, in decades; x = 1500 is rounded to 6e−5 in Float.
        try check(Float.self, tolerance: 1e-4)
        try check(Double.self, tolerance: 1e-11)
    }

    /// (1 − g)∘x with a gate that is open to e^−300: value and both terms of the derivative keep their scales.
    @Test func productsCarryTheScale() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", shape: Self.shape)
        let shifted = try builder.apply(Add(), to: x, builder.constant([-300], shape: Shape(axes: [])))
        let y = try builder.apply(Mul(), to: builder.apply(Sigmoid(), to: shifted), x)
        let graph = try builder.graph(output: y)
        let v: Tensor<Float> = randomTensor(Self.shape, seed: 9, name: "v")
        func sizes<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> [Double] {
            let (point, direction): (Tensor<Float>, Tensor<Scalar>) = (input(near: 2), v.converted())
            let evaluation = try GraphEvaluation<Scalar>(
                EvaluationPlan(graph, derivativesTo: [x]),
                GraphArguments(inputs: ["x": Value(point.converted())]))
            let value = try #require(evaluation[y])
            var pulled: ScaledTensor<Scalar>?
            try ReverseSweep<Cotangent<Scalar>>(visiting: [x])
                .run(evaluation, from: [y: .resolved(ScaledTensor(direction))]) { pulled = $1.resolve() }
            let pushed = try TangentSweep(evaluation).run(from: [x: PathTerms(ScaledTensor(direction))])
            return [
                size(value.promoted), size(try #require(pulled)), size(try #require(pushed?.total)),
            ]
        }
        let (single, double) = try (sizes(Float.self), sizes(Double.self))
        // A gate of e^−300 is 10^−130.
        #expect(double.allSatisfy { (-135 ... -125).contains($0) })
        #expect(zip(single, double).allSatisfy { abs($0 - $1) < 1e-4 }, "\(single) and \(double)")
    }
}
