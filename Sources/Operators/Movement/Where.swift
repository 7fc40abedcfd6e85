import Kernels
import Tensors

/// The element of the second operand where the condition in the first holds, else that of the third, in the shape that
/// all are stretched to; ONNX `Where`. What is not taken is not read, so that an infinity there does no harm.
public struct Where: Operator {
    public init() {}

    public var name: String { "Where" }
    public func isDifferentiable(in slot: Int) -> Bool { slot > 0 }
    public func reads(for slot: Int) -> Reads { Reads(operands: [0]) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 3...3)
        return try broadcastShape(of: [try broadcastShape(of: Array(operands[1...])), operands[0]])
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let (shape, condition) = (try shape(of: operands.map(\.shape)), try operands[0].whole)
        if case (.whole(let x), .whole(let y)) = (operands[1], operands[2]) {
            let (x, y) = (x.stretched(to: shape), y.stretched(to: shape))
            let holds = condition.stretched(to: shape)
            let taken = holds.indices.map { holds[$0] != 0 ? x[$0] : y[$0] }
            return Evaluation(.whole(WholeTensor(taken, shape: shape)))
        }
        guard !operands[1].isWhole, !operands[2].isWhole else { throw OperatorError.notWhole }
        let x = taken(try operands[1].tensor, in: 1, by: condition, to: shape)
        return Evaluation(
            Scalar.kernels.combine(x, 1, taken(try operands[2].tensor, in: 2, by: condition, to: shape), 1))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        guard isDifferentiable(in: slot) else {
            throw OperatorError.notDifferentiable(operation: name, slot: slot)
        }
        let condition = try point.operand(0).whole
        let pulled = taken(cotangent, in: slot, by: condition, to: point.resultShape)
        return ScaledTensor(Scalar.kernels.sum(pulled, to: point.shapes[slot]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        guard isDifferentiable(in: slot) else {
            throw OperatorError.notDifferentiable(operation: name, slot: slot)
        }
        let condition = try point.operand(0).whole
        return ScaledTensor(taken(tangent, in: slot, by: condition, to: point.resultShape))
    }

    /// The elements of one operand that are taken, and 0 where those of the other are.
    private func taken<Scalar: KernelScalar>(
        _ x: Tensor<Scalar>, in slot: Int, by condition: WholeTensor, to shape: Shape
    ) -> Tensor<Scalar> {
        let kernels = Scalar.kernels
        let isTaken = Tensor<Scalar>(
            rounding: condition.elements.map { ($0 != 0) == (slot == 1) ? 1 : 0 }, shape: condition.shape)
        let both = Shape.broadcast(x.shape, isTaken.shape) ?? shape
        return kernels.stretch(kernels.broadcast(isTaken, x, to: both) { $0 == 0 ? 0 : $1 }, to: shape)
    }
}
