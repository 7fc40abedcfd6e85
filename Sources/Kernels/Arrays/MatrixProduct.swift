import COneDNN
import COpenBLAS
import Synchronization
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
        _ product: MatrixProduct, threads: Int
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
        _ product: MatrixProduct, threads: Int
    ) throws {
        let status = od_matrix_product(
            product.transposesFirst ? 1 : 0, product.transposesSecond ? 1 : 0, Int64(product.rows),
            Int64(product.columns), Int64(product.summed), a,
            Int64(product.transposesFirst ? product.rows : product.summed), b,
            Int64(product.transposesSecond ? product.summed : product.columns), c,
            Int32(clamping: threads))
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
        // All rows of a stack that one matrix multiplies are rows of one product.
        if stack.count > 1, second.count == 1, !transposingFirst {
            let sides = Array(a.shape.axes.suffix(2))
            let matrix = Shape(axes: b.shape.axes.suffix(2))
            let product = try matrixProducts(
                a.reshaped(Shape(axes: [stack.count * sides[0], sides[1]])), b.reshaped(matrix),
                transposingSecond: transposingSecond)
            return product.reshaped(Shape(axes: stack.axes + [sides[0], product.shape[1]]))
        }
        let (aSides, bSides) = (Array(a.shape.axes.suffix(2)), Array(b.shape.axes.suffix(2)))
        let product = MatrixProduct(
            rows: aSides[transposingFirst ? 1 : 0], columns: bSides[transposingSecond ? 0 : 1],
            summed: aSides[transposingFirst ? 0 : 1], transposesFirst: transposingFirst,
            transposesSecond: transposingSecond)
        precondition(product.summed == bSides[transposingSecond ? 1 : 0], "\(a.shape) · \(b.shape)")
        let shape = Shape(axes: stack.axes + [product.rows, product.columns])
        guard product.summed > 0, shape.count > 0 else { return Tensor(zeros: shape) }
        let items = StackItems(
            stack, [first, second],
            sizes: [
                product.rows * product.columns, a.shape.count(of: (a.shape.rank - 2)...),
                b.shape.count(of: (b.shape.rank - 2)...),
            ])
        var result = Tensor<Scalar>(uninitialized: shape)
        let failure = Mutex<(any Error)?>(nil)
        a.reblocked(to: 1).withBase { a in
            b.reblocked(to: 1).withBase { b in
                result.withMutableBase { c in
                    func multiply(item: Int, threads: Int) {
                        let at = items.offsets(item)
                        do {
                            try self.multiply(a + at.a, b + at.b, into: c + at.c, product, threads: threads)
                        } catch { failure.withLock { $0 = error } }
                    }
                    // Whether a stack or each of its products is shared out does not depend on the number of threads:
                    // results would.
                    guard stack.count > 1 else { return multiply(item: 0, threads: ComputeThreads.count) }
                    let cost = stack.count * product.rows * product.columns * product.summed
                    forEachIndex(below: stack.count, cost: cost) { multiply(item: $0, threads: 1) }
                }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return result
    }
}

/// Where the matrices of each item of a stack begin.
private struct StackItems {
    private let rows: StridedRows
    private let sizes: [Int]

    init(_ stack: Shape, _ operands: [Shape], sizes: [Int]) {
        rows = StridedRows(
            extents: stack.axes,
            strides: [stack.strides] + operands.map { $0.strides(stretchedTo: stack) })
        self.sizes = sizes
    }

    func offsets(_ item: Int) -> (c: Int, a: Int, b: Int) {
        let (row, index) = item.quotientAndRemainder(dividingBy: rows.length)
        func offset(_ tensor: Int) -> Int {
            (rows.start(ofRow: row, in: tensor) + index * rows.step(in: tensor)) * sizes[tensor]
        }
        return (offset(0), offset(1), offset(2))
    }
}
