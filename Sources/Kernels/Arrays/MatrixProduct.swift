import COneDNN
import COpenBLAS
import Tensors

/// Products of matrices that lie row by row, each matrix of either side perhaps read transposed.
public struct MatrixProduct: Sendable, Hashable {
    /// Of the result.
    public var rows: Int
    public var columns: Int
    /// Columns of A, rows of B.
    public var summed: Int
    public var transposesFirst = false
    public var transposesSecond = false

    public init(
        rows: Int, columns: Int, summed: Int, transposesFirst: Bool = false, transposesSecond: Bool = false
    ) {
        self.rows = rows
        self.columns = columns
        self.summed = summed
        self.transposesFirst = transposesFirst
        self.transposesSecond = transposesSecond
    }
}

extension ReferenceKernels {
    public func multiply(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>,
        _ product: MatrixProduct
    ) {
        propagate_dgemm(
            product.transposesFirst ? 1 : 0, product.transposesSecond ? 1 : 0, Int32(product.rows),
            Int32(product.columns), Int32(product.summed), a,
            Int32(product.transposesFirst ? product.rows : product.summed), b,
            Int32(product.transposesSecond ? product.summed : product.columns), 0, c, Int32(product.columns))
    }
}

extension OneDNNKernels {
    public func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
        _ product: MatrixProduct
    ) throws {
        let status = od_matrix_product(
            product.transposesFirst ? 1 : 0, product.transposesSecond ? 1 : 0, Int64(product.rows),
            Int64(product.columns), Int64(product.summed), a,
            Int64(product.transposesFirst ? product.rows : product.summed), b,
            Int64(product.transposesSecond ? product.summed : product.columns), c, threads)
        try KernelError.check(status, "matrix product \(product)")
    }
}

extension KernelSet {
    /// The products of two stacks of matrices, whose last two axes are those of the matrices; the axes before are stretched
    /// to each other.
    ///
    /// - Returns: (…, rows, columns).
    public func matrixProducts(
        _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, transposingFirst: Bool = false,
        transposingSecond: Bool = false
    ) throws -> Tensor<Scalar> {
        let (first, second) = (Shape(axes: a.shape.axes.dropLast(2)), Shape(axes: b.shape.axes.dropLast(2)))
        guard let stack = Shape.broadcast(first, second) else {
            preconditionFailure("\(a.shape) · \(b.shape)")
        }
        let (aSides, bSides) = (Array(a.shape.axes.suffix(2)), Array(b.shape.axes.suffix(2)))
        let product = MatrixProduct(
            rows: aSides[transposingFirst ? 1 : 0], columns: bSides[transposingSecond ? 0 : 1],
            summed: aSides[transposingFirst ? 0 : 1], transposesFirst: transposingFirst,
            transposesSecond: transposingSecond)
        precondition(product.summed == bSides[transposingSecond ? 1 : 0], "\(a.shape) · \(b.shape)")
        let shape = Shape(axes: stack.axes + [product.rows, product.columns])
        guard product.summed > 0, shape.count > 0 else { return Tensor(zeros: shape) }
        let rows = StridedRows(
            extents: stack.axes,
            strides: [stack.strides, first.strides(stretchedTo: stack), second.strides(stretchedTo: stack)])
        let sizes = [product.rows * product.columns, aSides[0] * aSides[1], bSides[0] * bSides[1]]
        var result = Tensor<Scalar>(uninitialized: shape)
        let (a, b) = (a.reblocked(to: 1), b.reblocked(to: 1))
        try a.withBase { a in
            try b.withBase { b in
                try result.withMutableBase { c in
                    for row in 0..<rows.count {
                        for index in 0..<rows.length {
                            let at = (0..<3).map {
                                (rows.start(ofRow: row, in: $0) + index * rows.step(in: $0)) * sizes[$0]
                            }
                            try multiply(a + at[1], b + at[2], into: c + at[0], product)
                        }
                    }
                }
            }
        }
        return result
    }
}
