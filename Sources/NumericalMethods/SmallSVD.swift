internal import CGSL

/// The thin singular value decomposition `A = U·diag(s)·Vᵀ` of a small dense matrix.
///
/// One-sided Jacobi (Demmel and Veselić 1992, through GSL): slower than the usual
/// methods on large matrices, and more accurate in the small singular values.
public struct SmallSVD: Equatable, Sendable {
    public let rows: Int
    public let columns: Int
    /// min(rows, columns) values, largest first.
    public let singularValues: [Double]
    /// U row by row, rows × min(rows, columns): column k belongs to value k.
    public let left: [Double]
    /// V row by row, columns × min(rows, columns).
    public let right: [Double]

    /// Decomposes a matrix of finite numbers given row by row.
    public init(_ elements: [Double], rows: Int, columns: Int) throws(NumericalError) {
        let operation = "a singular value decomposition"
        guard rows >= 1, columns >= 1 else {
            throw .invalidArgument(
                operation: operation, requirement: "at least one row and one column, not \(rows) × \(columns)"
            )
        }
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, elements.count == count else {
            throw .sizeMismatch(operation: operation, expected: count, found: elements.count)
        }
        try NumericalError.requireFinite(elements, operation)
        self.rows = rows
        self.columns = columns
        // GSL wants at least as many rows as columns; Aᵀ has the same values and
        // exchanges U and V.
        let isTall = rows >= columns
        let tall = isTall ? elements : Self.transposed(elements, rows: rows, columns: columns)
        let factors = try Self.decomposed(tall, rows: max(rows, columns), columns: min(rows, columns))
        singularValues = factors.values
        left = isTall ? factors.left : factors.right
        right = isTall ? factors.right : factors.left
    }

    private static func transposed(_ elements: [Double], rows: Int, columns: Int) -> [Double] {
        (0..<columns).flatMap { column in (0..<rows).map { elements[$0 * columns + column] } }
    }

    private static func decomposed(
        _ elements: [Double], rows: Int, columns: Int
    ) throws(NumericalError) -> (values: [Double], left: [Double], right: [Double]) {
        var left = elements
        var right = [Double](repeating: 0, count: columns * columns)
        var values = [Double](repeating: 0, count: columns)
        let status = left.withUnsafeMutableBufferPointer { left in
            right.withUnsafeMutableBufferPointer { right in
                values.withUnsafeMutableBufferPointer { values in
                    cgsl_svd_jacobi(
                        left.baseAddress, right.baseAddress, values.baseAddress, rows, columns)
                }
            }
        }
        try NumericalError.check(status, "a singular value decomposition")
        return (values, left, right)
    }
}
