import NumericalMethods
import Testing

@Suite struct SmallSVDTests {
    static func random(_ rows: Int, _ columns: Int) -> [Double] {
        var stream = RandomStream(seed: 11, name: "svd.\(rows).\(columns)")
        return (0..<rows * columns).map { _ in stream.normal() }
    }

    /// [[3, 0], [4, 5]]: AᵀA has trace 50 and determinant 225, eigenvalues 45 and 5.
    @Test func knownSingularValues() throws {
        let svd = try SmallSVD([3, 0, 4, 5], rows: 2, columns: 2)
        #expect(abs(svd.singularValues[0] - 45.0.squareRoot()) < 1e-14)
        #expect(abs(svd.singularValues[1] - 5.0.squareRoot()) < 1e-14)
    }

    @Test(arguments: [[1, 1], [4, 4], [7, 3], [3, 7], [1, 5], [20, 12]])
    func factorsMultiplyBackAndAreOrthonormal(size: [Int]) throws {
        let (rows, columns, rank) = (size[0], size[1], min(size[0], size[1]))
        let matrix = Self.random(rows, columns)
        let svd = try SmallSVD(matrix, rows: rows, columns: columns)
        #expect(svd.singularValues.count == rank)
        #expect(svd.left.count == rows * rank && svd.right.count == columns * rank)
        #expect(zip(svd.singularValues, svd.singularValues.dropFirst()).allSatisfy { $0 >= $1 && $1 >= 0 })
        // Elements of order 1 in sums of at most 20 products: rounding near 1e-15.
        for row in 0..<rows {
            for column in 0..<columns {
                let product = (0..<rank).reduce(0.0) {
                    $0 + svd.left[row * rank + $1] * svd.singularValues[$1] * svd.right[column * rank + $1]
                }
                #expect(abs(product - matrix[row * columns + column]) < 1e-13)
            }
        }
        for (factor, length) in [(svd.left, rows), (svd.right, columns)] {
            for first in 0..<rank {
                for second in 0..<rank {
                    let dot = (0..<length).reduce(0.0) {
                        $0 + factor[$1 * rank + first] * factor[$1 * rank + second]
                    }
                    #expect(abs(dot - (first == second ? 1 : 0)) < 1e-13)
                }
            }
        }
    }

    @Test func lostRankShowsAsZero() throws {
        let svd = try SmallSVD([1, 2, 2, 4, 3, 6], rows: 3, columns: 2)
        #expect(abs(svd.singularValues[0] - 70.0.squareRoot()) < 1e-13)
        #expect(svd.singularValues[1] < 1e-14)
    }

    @Test func badMatricesAreRefused() {
        #expect(throws: NumericalError.self) { try SmallSVD([], rows: 0, columns: 3) }
        #expect(throws: NumericalError.self) { try SmallSVD([1, 2, 3], rows: 2, columns: 2) }
        #expect(throws: NumericalError.self) { try SmallSVD([1, .nan], rows: 1, columns: 2) }
        #expect(throws: NumericalError.self) { try SmallSVD([1], rows: .max, columns: .max) }
    }
}
