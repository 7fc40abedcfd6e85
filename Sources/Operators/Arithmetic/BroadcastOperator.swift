import Kernels
import Tensors

/// z = φ(x, y) element by element, in the shape that both operands are stretched to.
public protocol BroadcastOperator: Operator {
    /// φ(x, y).
    func value(at x: Double, _ y: Double) -> Double
    /// ∂φ/∂x for slot 0, ∂φ/∂y for slot 1.
    func derivative(in slot: Int, at x: Double, _ y: Double) -> Double
    /// φ of two whole numbers, with whether it is none; without the fraction of what φ is by default.
    func value(ofWhole x: Int, _ y: Int) -> (partialValue: Int, overflow: Bool)
}

extension BroadcastOperator {
    public func shape(of operands: [Shape]) throws -> Shape { try broadcastShape(of: operands) }

    public func reads(for slot: Int) -> Reads { Reads(operands: [0, 1]) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        if let whole = try wholeValue(of: operands, in: shape, value(ofWhole:_:)) { return whole }
        return Evaluation(
            Scalar.kernels.broadcast(operands[0].promoted.plain, operands[1].promoted.plain, to: shape) {
                value(at: $0, $1)
            })
    }

    public func value(ofWhole x: Int, _ y: Int) -> (partialValue: Int, overflow: Bool) {
        let whole = Int(exactly: value(at: Double(x), Double(y)).rounded(.towardZero))
        return (whole ?? 0, whole == nil)
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
        let (x, y) = (try point.operand(0).promoted.plain, try point.operand(1).promoted.plain)
        return Scalar.kernels.broadcast(x, y, to: point.resultShape) {
            derivative(in: slot, at: $0, $1)
        }
    }
}
