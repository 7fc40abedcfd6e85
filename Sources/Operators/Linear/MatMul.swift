import Kernels
import Tensors

/// A·B of the last two axes, by NumPy's rules: axes before are stretched to each other, and an operand of one axis is a row
/// on the left and a column on the right; ONNX `MatMul`.
public struct MatMul: Operator {
    public init() {}

    public var name: String { "MatMul" }
    public var role: OperatorRole { .product(slots: [0, 1]) }
    public func reads(for slot: Int) -> Reads { Reads(operands: [1 - slot]) }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { slots.count == 1 }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...2)
        let (a, b) = (matrices(operands[0], in: 0), matrices(operands[1], in: 1))
        guard operands.allSatisfy({ $0.rank > 0 }), a[a.rank - 1] == b[b.rank - 2],
            let stack = Shape.broadcast(Shape(axes: a.axes.dropLast(2)), Shape(axes: b.axes.dropLast(2)))
        else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement: "the last axis of the first has to be the last but one of the second")
        }
        // Axes that were only lent are taken back.
        let sides =
            (operands[0].rank > 1 ? [a[a.rank - 2]] : []) + (operands[1].rank > 1 ? [b[b.rank - 1]] : [])
        return Shape(axes: stack.axes + sides)
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let result = try? shape(of: operands), let last = operands[0].axes.last else { return 0 }
        return result.count * last
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let (a, b) = (matrices(try operands[0].tensor, in: 0), matrices(try operands[1].tensor, in: 1))
        return Evaluation(try Scalar.kernels.matrixProducts(a, b).reshaped(shape))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let other = matrices(try point.tensor(1 - slot), in: 1 - slot)
        let c = cotangent.reshaped(resultOfMatrices(point))
        if slot == 1, point.shapes[1].rank <= 2, other.shape.rank > 2 {
            // Of a matrix that multiplies all rows of a stack it is one product over all rows.
            let rows = Shape(axes: [c.shape.count(of: ..<(c.shape.rank - 1)), c.shape[c.shape.rank - 1]])
            let pulled = try kernels.matrixProducts(
                other.reshaped(Shape(axes: [rows[0], other.shape[other.shape.rank - 1]])), c.reshaped(rows),
                transposingFirst: true)
            return ScaledTensor(pulled.reshaped(point.shapes[1]))
        }
        // A ↦ A·B has the transpose C ↦ C·Bᵀ, and B ↦ A·B has C ↦ Aᵀ·C.
        let pulled =
            slot == 0
            ? try kernels.matrixProducts(c, other, transposingSecond: true)
            : try kernels.matrixProducts(other, c, transposingFirst: true)
        let own = matrices(point.shapes[slot], in: slot)
        return ScaledTensor(kernels.sum(pulled, to: own).reshaped(point.shapes[slot]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let other = matrices(try point.tensor(1 - slot), in: 1 - slot)
        let own = matrices(tangent, in: slot)
        let pushed = try Scalar.kernels.matrixProducts(slot == 0 ? own : other, slot == 0 ? other : own)
        return ScaledTensor(pushed.reshaped(point.resultShape))
    }

    /// A vector as a matrix: of one row on the left, of one column on the right.
    private func matrices(_ shape: Shape, in slot: Int) -> Shape {
        guard shape.rank == 1 else { return shape }
        return Shape(axes: slot == 0 ? [1, shape[0]] : [shape[0], 1])
    }

    private func matrices<Scalar>(_ tensor: Tensor<Scalar>, in slot: Int) -> Tensor<Scalar> {
        tensor.reshaped(matrices(tensor.shape, in: slot))
    }

    /// The result's shape with the axes that were lent.
    private func resultOfMatrices<Scalar>(_ point: Point<Scalar>) -> Shape {
        let (a, b) = (matrices(point.shapes[0], in: 0), matrices(point.shapes[1], in: 1))
        let stack = point.resultShape.axes.dropLast(point.shapes.count { $0.rank > 1 })
        return Shape(axes: stack + [a[a.rank - 2], b[b.rank - 1]])
    }
}
