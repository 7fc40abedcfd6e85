import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// σ and products with it where σ(x) is less than the type's smallest number.
@Suite("Saturated gates")
struct SaturatedGateTests {
    private let pass = ForwardPass(masks: SeededMasks(seed: 0))
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
            let linearized = Sigmoid<Scalar>().linearize(x, in: pass)
            // log σ(x) = −log(1 + e^−x), and σ′ = σ(x) σ(−x), each in the logarithm.
            func log(_ x: Double) -> Double { x > 0 ? -log1p(exp(-x)) : x - log1p(exp(x)) }
            let xs = x.elements.map { Double($0) }
            func expected(_ logarithms: [Double]) -> Double {
                let largest = logarithms.max() ?? 0
                return (largest + 0.5 * Foundation.log(logarithms.reduce(0) { $0 + exp(2 * ($1 - largest)) }))
                    / Foundation.log(10)
            }
            #expect(abs(size(linearized.value) - expected(xs.map { log($0) })) < tolerance)
            let ones = ScaledTensor(Tensor<Scalar>(Array(repeating: 1, count: x.shape.count), shape: x.shape))
            let slope = try linearized.derivative.pullBack(ones)
            #expect(abs(size(slope) - expected(xs.map { log($0) + log(-$0) })) < tolerance)
        }
        // Roundings of x and of the exponential, in decades; x = 1500 is rounded to 6e−5 in Float.
        try check(Float.self, tolerance: 1e-4)
        try check(Double.self, tolerance: 1e-11)
    }

    /// (1 − g)∘x with a gate that is open to e^−300: both terms of the derivative keep their scales.
    @Test func productsCarryTheScale() throws {
        let gate = Sequential<Float>([ShiftedMap(-300), Sigmoid()])
        let product = Product(gate, IdentityMap())
        let x: Tensor<Float> = input(near: 2)
        let linearized = try product.linearize(x, in: pass)
        let wide = try Product(
            Sequential<Double>([ShiftedMap(-300), Sigmoid()]), IdentityMap()
        ).linearize(x.converted(), in: pass)
        #expect(abs(size(linearized.value) - size(wide.value)) < 1e-4)
        let v: Tensor<Float> = randomTensor(Self.shape, seed: 9, name: "v")
        for (single, double) in [
            (
                try linearized.derivative.pullBack(ScaledTensor(v)),
                try wide.derivative.pullBack(ScaledTensor(v.converted()))
            ),
            (
                try linearized.derivative.pushForward(ScaledTensor(v)),
                try wide.derivative.pushForward(ScaledTensor(v.converted()))
            ),
        ] {
            #expect(abs(size(single) - size(double)) < 1e-4)
        }
    }

    /// x + c.
    private struct ShiftedMap<Scalar: KernelScalar>: DifferentiableMap {
        let shift: Double
        init(_ shift: Double) { self.shift = shift }
        func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
            Linearized(value: x.map { $0 + Scalar(shift) }, derivative: ScalarLinearization(1))
        }
    }
}
