import Kernels
import Tensors

/// z = φ(x, y) element by element, in the shape that both operands are stretched to.
public protocol BroadcastOperator: Operator {
    /// φ(x, y).
    func value(at x: Double, _ y: Double) -> Double
    /// ∂φ/∂x for slot 0, ∂φ/∂y for slot 1.
    func derivative(in slot: Int, at x: Double, _ y: Double) -> Double
}

extension BroadcastOperator {
    public func shape(of operands: [Shape]) throws -> Shape { try broadcastShape(of: operands) }

    public func reads(for slot: Int) -> Reads { Reads(operands: [0, 1]) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        return Evaluation(
            Scalar.kernels.broadcast(try operands[0].tensor, try operands[1].tensor, to: shape) {
                value(at: $0, $1)
            })
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let pulled = kernels.map(cotangent, try slopes(in: slot, at: point)) { $0 == 0 ? 0 : $0 * $1 }
        return ScaledTensor(kernels.sum(pulled, to: point.shapes[slot]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.broadcast(tangent, try slopes(in: slot, at: point), to: point.resultShape) {
                $0 == 0 ? 0 : $0 * $1
            })
    }

    private func slopes<Scalar: KernelScalar>(in slot: Int, at point: Point<Scalar>) throws -> Tensor<Scalar>
    {
        Scalar.kernels.broadcast(try point.tensor(0), try point.tensor(1), to: point.resultShape) {
            derivative(in: slot, at: $0, $1)
        }
    }
}

extension Operator {
    /// The shape that two operands are both stretched to.
    ///
    /// - Throws: `OperatorError.shapes`.
    func broadcastShape(of operands: [Shape]) throws(OperatorError) -> Shape {
        try require(operands, count: 2...2)
        guard let shape = Shape.broadcast(operands[0], operands[1]) else {
            throw .shapes(
                operation: name, operands: operands,
                requirement: "axes are matched from the last one on, and must be equal or 1")
        }
        return shape
    }
}
