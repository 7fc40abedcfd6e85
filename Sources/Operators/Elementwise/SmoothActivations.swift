import Expressions
import Foundation
import Kernels
import Tensors

/// tanh x; ONNX `Tanh`.
public struct Tanh: ElementwiseOperator {
    public init() {}
    public var name: String { "Tanh" }
    public func value(at x: Double) -> Double { Function.tanh.value(at: x) }
    public func derivative(at x: Double) -> Double {
        // 1 − tanh² cancels far from 0.
        let cosh = cosh(x)
        return 1 / (cosh * cosh)
    }
}

/// log(1 + eˣ); ONNX `Softplus`. PyTorch's is x from 20 on, which differs by less than e⁻²⁰.
public struct Softplus: ElementwiseOperator {
    public init() {}
    public var name: String { "Softplus" }
    public func value(at x: Double) -> Double { Function.softplus.value(at: x) }
    public func derivative(at x: Double) -> Double { Function.sigmoid.value(at: x) }
}

/// x·σ(αx) (Ramachandran et al., 2017); ONNX `Swish`, with α = 1 SiLU.
public struct Swish: ElementwiseOperator {
    public let alpha: Double

    public init(alpha: Double = 1) { self.alpha = alpha }

    public var name: String { "Swish" }
    public func value(at x: Double) -> Double { x * Function.sigmoid.value(at: alpha * x) }
    public func derivative(at x: Double) -> Double {
        let gate = Function.sigmoid.value(at: alpha * x)
        return gate + alpha * x * gate * Function.sigmoid.value(at: -alpha * x)
    }
}

/// x/(1 + |x|); ONNX `Softsign`.
public struct Softsign: ElementwiseOperator {
    public init() {}
    public var name: String { "Softsign" }
    public func value(at x: Double) -> Double { x / (1 + abs(x)) }
    public func derivative(at x: Double) -> Double { 1 / ((1 + abs(x)) * (1 + abs(x))) }
}

/// The error function; ONNX `Erf`.
public struct Erf: ElementwiseOperator {
    public init() {}
    public var name: String { "Erf" }
    public func value(at x: Double) -> Double { Function.erf.value(at: x) }
    public func derivative(at x: Double) -> Double { 2 / Double.pi.squareRoot() * exp(-x * x) }
}

/// σ(x) = 1/(1 + e⁻ˣ), with σ′ = σ(x)·σ(−x); ONNX `Sigmoid`.
///
/// A gate may be so nearly shut that σ(x) is less than the type's smallest number (σ(−200) ≈ 1e−87 in single precision):
/// value and derivative carry a scale then.
public struct Sigmoid: Operator {
    public init() {}
    public var name: String { "Sigmoid" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return operands[0]
    }

    public func reads(for slot: Int) -> Reads { Reads(operands: [0]) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        Evaluation(.real(Self.sigmoid(try operands[0].tensor)))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let x = try point.tensor(0)
        // 1 − σ(x) = σ(−x): no cancellation where the gate is nearly open.
        let (open, shut) = (Self.sigmoid(x), Self.sigmoid(Scalar.kernels.scale(x, by: -1)))
        let slopes = Scalar.kernels.multiply(open.tensor, shut.tensor)
        return ScaledTensor(
            Scalar.kernels.multiply(cotangent, slopes), factor: open.factor * shut.factor,
            exponent: open.exponent + shut.exponent)
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try vjp(tangent, to: slot, at: point) }

    /// Below this, numbers of single precision begin to lose digits, which is not far from it.
    private static var smallestWithoutScale: Double { exp(-60) }

    private static func sigmoid<Scalar: KernelScalar>(_ x: Tensor<Scalar>) -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let value = kernels.sigmoid(x, offset: 0)
        // Then every element is below it.
        guard kernels.sumOfSquares(value) < smallestWithoutScale * smallestWithoutScale,
            let largest = x.elements.max(), largest.isFinite
        else { return ScaledTensor(value) }
        // A whole number, so that x + offset is exact where it matters, near 0.
        let offset = Double(-largest).rounded(.down)
        return ScaledTensor(kernels.sigmoid(x, offset: offset), naturalLogarithm: -offset)
    }
}
