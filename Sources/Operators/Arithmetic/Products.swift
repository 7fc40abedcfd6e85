import Foundation
import Kernels
import Tensors

/// x·y; ONNX `Mul`. With one tensor in both slots it is the square, whose derivative is the sum over both.
public struct Mul: Operator {
    public init() {}
    public var name: String { "Mul" }
    public var role: OperatorRole { .elementwiseProduct }

    public func shape(of operands: [Shape]) throws -> Shape { try broadcastShape(of: operands) }
    /// Of a product, each derivative reads the other factor alone.
    public func reads(for slot: Int) -> Reads { Reads(operands: [1 - slot]) }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { slots.count == 1 }

    @specialized(where Scalar == Float)
    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        if let whole = try wholeValue(of: operands, in: shape, { $0.multipliedReportingOverflow(by: $1) }) {
            return whole
        }
        return Evaluation(.real(Self.product(operands[0].promoted, operands[1].promoted, in: shape)))
    }

    @specialized(where Scalar == Float)
    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let pulled = Self.product(
            ScaledTensor(cotangent), try point.operand(1 - slot).promoted, in: point.resultShape)
        return pulled.replacing(tensor: Scalar.kernels.sum(pulled.tensor, to: point.shapes[slot]))
    }

    @specialized(where Scalar == Float)
    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        Self.product(ScaledTensor(tangent), try point.operand(1 - slot).promoted, in: point.resultShape)
    }

    /// What nothing flows into stays 0 where the other factor is infinite.
    private static func product<Scalar: KernelScalar>(
        _ x: ScaledTensor<Scalar>, _ y: ScaledTensor<Scalar>, in shape: Shape
    ) -> ScaledTensor<Scalar> {
        // One number joins the scale: no pass over memory, and no rounding of the elements.
        if let number = y.number, x.tensor.shape == shape { return x.scaled(by: number.0, power: number.1) }
        if let number = x.number, y.tensor.shape == shape { return y.scaled(by: number.0, power: number.1) }
        let tensor =
            x.tensor.shape == y.tensor.shape
            ? Scalar.kernels.multiply(x.tensor, y.tensor)
            : Scalar.kernels.broadcast(x.tensor, y.tensor, to: shape) { $0 * $1 }
        return ScaledTensor(tensor, factor: x.factor * y.factor, exponent: x.exponent + y.exponent)
    }
}

extension ScaledTensor where Scalar: KernelScalar {
    /// The value of a single finite number, with its power of two.
    fileprivate var number: (Double, Int)? {
        guard tensor.shape.count == 1,
            let element = tensor.withUnsafeBufferPointer({ $0.first }), element.isFinite
        else { return nil }
        return (Double(element) * factor, exponent)
    }
}

/// x/y; of whole numbers without the fraction; ONNX `Div`.
public struct Div: BroadcastOperator {
    public init() {}
    public var name: String { "Div" }
    public func value(at x: Double, _ y: Double) -> Double { x / y }
    public func derivative(in slot: Int, at x: Double, _ y: Double) -> Double {
        slot == 0 ? 1 / y : -x / (y * y)
    }
    public func value(ofWhole x: Int, _ y: Int) -> (partialValue: Int, overflow: Bool) {
        x.dividedReportingOverflow(by: y)
    }
}

/// xʸ; ONNX `Pow`. Whole exponents, which files have, count as real.
public struct Pow: BroadcastOperator {
    public init() {}
    public var name: String { "Pow" }
    public func value(at x: Double, _ y: Double) -> Double { pow(x, y) }
    public func derivative(in slot: Int, at x: Double, _ y: Double) -> Double {
        // 0 · x^−1 is 0, also at x = 0.
        if slot == 0 { return y == 0 ? 0 : y * pow(x, y - 1) }
        return x == 0 && y >= 0 ? 0 : pow(x, y) * log(x)
    }
}

/// x above 0, s·x elsewhere, with a slope for every channel or element; ONNX `PRelu`.
public struct PRelu: BroadcastOperator {
    public init() {}
    public var name: String { "PRelu" }
    public func value(at x: Double, _ slope: Double) -> Double { x > 0 ? x : slope * x }
    public func derivative(in slot: Int, at x: Double, _ slope: Double) -> Double {
        slot == 0 ? (x > 0 ? 1 : slope) : (x > 0 ? 0 : x)
    }
}
