import Kernels
import Tensors

/// eˣ over its sum along an axis, or the logarithm of that; ONNX `Softmax` and `LogSoftmax` from opset 13 on.
public struct Softmax: Operator {
    public let axis: Int
    public let isLogarithmic: Bool

    public init(axis: Int = -1, isLogarithmic: Bool = false) {
        self.axis = axis
        self.isLogarithmic = isLogarithmic
    }

    public var name: String { isLogarithmic ? "LogSoftmax" : "Softmax" }
    public func reads(for slot: Int) -> Reads { Reads(result: true) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        _ = try axis(axis, of: operands[0])
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let (kernels, x) = (Scalar.kernels, try operands[0].tensor)
        let rows = AxisRows(of: x.shape, along: try axis(axis, of: x.shape))
        let y = kernels.softmax(ofRows: rows.matrix(x), isLogarithmic: isLogarithmic)
        return Evaluation(rows.tensor(y))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let rows = AxisRows(of: point.resultShape, along: try axis(axis, of: point.resultShape))
        let pulled = Scalar.kernels.softmaxPullback(
            rows.matrix(cotangent), ofRows: rows.matrix(try point.result), isLogarithmic: isLogarithmic)
        return ScaledTensor(rows.tensor(pulled))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let rows = AxisRows(of: point.resultShape, along: try axis(axis, of: point.resultShape))
        let pushed = Scalar.kernels.softmaxPushforward(
            rows.matrix(tangent), ofRows: rows.matrix(try point.result), isLogarithmic: isLogarithmic)
        return ScaledTensor(rows.tensor(pushed))
    }
}

/// A tensor as a matrix whose rows run along one of its axes.
private struct AxisRows {
    private let shape: Shape
    private let matrix: Shape
    /// From the tensor to the matrix; `nil` where they lie alike.
    private let move: Move?

    init(of shape: Shape, along axis: Int) {
        self.shape = shape
        let (outer, extent, inner) = (shape.count(of: ..<axis), shape[axis], shape.count(of: (axis + 1)...))
        matrix = Shape(axes: [outer * inner, extent])
        move =
            inner == 1
            ? nil
            : Move(axes: [
                .even(outer, source: extent * inner, target: inner * extent),
                .even(inner, source: 1, target: extent), .even(extent, source: inner, target: 1),
            ])
    }

    func matrix<Scalar: KernelScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        guard let move else { return x.reshaped(matrix) }
        var rows = Tensor<Scalar>(uninitialized: matrix)
        Scalar.kernels.copy(x, by: move, into: &rows)
        return rows
    }

    func tensor<Scalar: KernelScalar>(_ rows: Tensor<Scalar>) -> Tensor<Scalar> {
        guard let move else { return rows.reshaped(shape) }
        var x = Tensor<Scalar>(uninitialized: shape)
        Scalar.kernels.copy(rows, by: move.reversed, into: &x)
        return x
    }
}
