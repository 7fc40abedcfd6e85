import Kernels
import Tensors

/// A·B of the last two axes, by NumPy's rules: axes before are stretched to each other, and an operand of one axis is a row
/// on the left and a column on the right; ONNX `MatMul`.
///
/// Kernels read matrices transposed as well as not, so that a transposition of an operand's last two axes is taken in.
public struct MatMul: Operator {
    private let product: TransposableProduct

    /// - Parameters:
    ///   - transposesFirst: whether the last two axes of the first operand are read transposed, where there are two.
    ///   - transposesSecond: likewise.
    public init(transposesFirst: Bool = false, transposesSecond: Bool = false) {
        product = TransposableProduct(transposesFirst: transposesFirst, transposesSecond: transposesSecond)
    }

    public var transposesFirst: Bool { product.transposesFirst }
    public var transposesSecond: Bool { product.transposesSecond }

    public var name: String { "MatMul" }
    public var role: OperatorRole { .product(slots: [0, 1]) }
    public func reads(for slot: Int) -> Reads { Reads(operands: [1 - slot]) }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { slots.count == 1 }

    public func fused(
        with producer: any Operator, of inner: [Shape], in slot: Int, shapes: [Shape]
    ) -> (any Operator)? {
        guard let transpose = producer as? Transpose, transpose.transposesMatrices(of: inner[0]) else {
            return nil
        }
        return MatMul(
            transposesFirst: product.transposesFirst != (slot == 0),
            transposesSecond: product.transposesSecond != (slot == 1))
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...2)
        let misfit = OperatorError.shapes(
            operation: name, operands: operands,
            requirement: "the last axis of the first has to be the last but one of the second")
        guard operands.allSatisfy({ $0.rank > 0 }) else { throw misfit }
        let (a, b) = (matrices(operands[0], in: 0), matrices(operands[1], in: 1))
        let (rows, columns, summed) = transposing(operands).extents(a, b)
        guard summed.0 == summed.1,
            let stack = Shape.broadcast(Shape(axes: a.axes.dropLast(2)), Shape(axes: b.axes.dropLast(2)))
        else { throw misfit }
        // Axes that were only lent are taken back.
        let sides = (operands[0].rank > 1 ? [rows] : []) + (operands[1].rank > 1 ? [columns] : [])
        return try result(stack.axes + sides, of: operands)
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let result = try? shape(of: operands) else { return 0 }
        let (a, b) = (matrices(operands[0], in: 0), matrices(operands[1], in: 1))
        return Shape.boundedProduct(result.count, transposing(operands).extents(a, b).summed.0)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let (a, b) = (matrices(try operands[0].tensor, in: 0), matrices(try operands[1].tensor, in: 1))
        return Evaluation(try transposing(operands.map(\.shape)).value(a, b).reshaped(shape))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let other = matrices(try point.tensor(1 - slot), in: 1 - slot)
        let (c, product) = (cotangent.reshaped(resultOfMatrices(point)), transposing(point.shapes))
        if slot == 1, point.shapes[1].rank <= 2, other.shape.rank > 2, !product.transposesFirst {
            // Of a matrix that multiplies all rows of a stack it is one product over all rows.
            let rows = Shape(axes: [c.shape.count(of: ..<(c.shape.rank - 1)), c.shape[c.shape.rank - 1]])
            let stacked = other.reshaped(Shape(axes: [rows[0], other.shape[other.shape.rank - 1]]))
            let pulled = try product.vjp(c.reshaped(rows), to: 1, beside: stacked)
            return ScaledTensor(pulled.reshaped(point.shapes[1]))
        }
        let pulled = try product.vjp(c, to: slot, beside: other)
        let own = matrices(point.shapes[slot], in: slot)
        return ScaledTensor(kernels.sum(pulled, to: own).reshaped(point.shapes[slot]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let other = matrices(try point.tensor(1 - slot), in: 1 - slot)
        let pushed = try transposing(point.shapes).jvp(matrices(tangent, in: slot), from: slot, beside: other)
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
        let (rows, columns, _) = transposing(point.shapes).extents(a, b)
        return Shape(axes: stack + [rows, columns])
    }

    /// Vectors are rows and columns as they are.
    private func transposing(_ operands: [Shape]) -> TransposableProduct {
        TransposableProduct(
            transposesFirst: product.transposesFirst && operands[0].rank > 1,
            transposesSecond: product.transposesSecond && operands[1].rank > 1)
    }
}
