import Kernels
import Tensors

/// x + y, or x − y; ONNX `Add` and `Sub`. Sums of the residual kind are merges of the graph.
public struct Add: Operator {
    /// Of the second operand.
    private let sign: Double
    public let name: String

    public init() { (sign, name) = (1, "Add") }
    private init(subtracting: Void) { (sign, name) = (-1, "Sub") }
    /// x − y.
    public static let subtracting = Add(subtracting: ())

    public var role: OperatorRole { .sum }
    public func shape(of operands: [Shape]) throws -> Shape { try broadcastShape(of: operands) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let (x, y) = (try operands[0].scaled, try operands[1].scaled)
        let common = x.commonExponent(with: y)
        let (a, b) = (x.coefficient(relativeTo: common), sign * y.coefficient(relativeTo: common))
        let kernels = Scalar.kernels
        let sum =
            x.tensor.shape == y.tensor.shape
            ? kernels.combine(x.tensor, a, y.tensor, b)
            : kernels.broadcast(x.tensor, y.tensor, to: shape) { a * $0 + b * $1 }
        return Evaluation(.real(ScaledTensor(sum, exponent: common)))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.sum(cotangent, to: point.shapes[slot]), factor: slot == 0 ? 1 : sign)
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.stretch(tangent, to: point.resultShape), factor: slot == 0 ? 1 : sign)
    }
}

/// The larger of x and y; ONNX `Max`. Where they are equal the derivative is divided between both, as PyTorch divides it.
public struct Max: BroadcastOperator {
    public init() {}
    public var name: String { "Max" }
    public func value(at x: Double, _ y: Double) -> Double { x.isNaN || x > y ? x : y }
    public func derivative(in slot: Int, at x: Double, _ y: Double) -> Double {
        x == y ? 0.5 : (x > y) == (slot == 0) ? 1 : 0
    }
}

/// The smaller of x and y; ONNX `Min`.
public struct Min: BroadcastOperator {
    public init() {}
    public var name: String { "Min" }
    public func value(at x: Double, _ y: Double) -> Double { x.isNaN || x < y ? x : y }
    public func derivative(in slot: Int, at x: Double, _ y: Double) -> Double {
        x == y ? 0.5 : (x < y) == (slot == 0) ? 1 : 0
    }
}
