import Kernels
import Tensors

/// A·B of matrices, or of stacks of them, each perhaps read transposed: what `Gemm` and `MatMul` have in common.
struct TransposableProduct: Sendable, Hashable {
    var transposesFirst = false
    var transposesSecond = false

    /// Rows of the product and columns, and what is summed over as either operand has it.
    func extents(_ a: Shape, _ b: Shape) -> (rows: Int, columns: Int, summed: (Int, Int)) {
        (
            a[a.rank - (transposesFirst ? 1 : 2)], b[b.rank - (transposesSecond ? 2 : 1)],
            (a[a.rank - (transposesFirst ? 2 : 1)], b[b.rank - (transposesSecond ? 1 : 2)])
        )
    }

    func value<Scalar: KernelScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try Scalar.kernels.matrixProducts(
            a, b, transposingFirst: transposesFirst, transposingSecond: transposesSecond)
    }

    /// A cotangent of the product pulled back to one operand, with all axes of the stack.
    func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, beside other: Tensor<Scalar>
    ) throws -> Tensor<Scalar> {
        let kernels = Scalar.kernels
        // Of A·B it is C·Bᵀ and Aᵀ·C; of a transposed operand the transpose of that.
        return switch (slot, slot == 0 ? transposesFirst : transposesSecond) {
        case (0, false):
            try kernels.matrixProducts(cotangent, other, transposingSecond: !transposesSecond)
        case (0, true):
            try kernels.matrixProducts(
                other, cotangent, transposingFirst: transposesSecond, transposingSecond: true)
        case (_, false):
            try kernels.matrixProducts(other, cotangent, transposingFirst: !transposesFirst)
        case (_, true):
            try kernels.matrixProducts(
                cotangent, other, transposingFirst: true, transposingSecond: transposesFirst)
        }
    }

    /// A tangent of one operand pushed forward.
    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, beside other: Tensor<Scalar>
    ) throws -> Tensor<Scalar> {
        try slot == 0 ? value(tangent, other) : value(other, tangent)
    }
}
