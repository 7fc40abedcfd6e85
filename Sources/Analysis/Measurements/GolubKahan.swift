import Foundation
import Kernels
import NumericalMethods
import Tensors

/// Golub–Kahan bidiagonalisation of a linear map A with full reorthogonalisation (Golub and Kahan 1965):
/// A·V = U·B and Aᵀ·U = V·Bᵀ + β·v·eᵀ with B upper bidiagonal, all relative to 2^`exponent`.
///
/// The singular values of B approach the extreme ones of A from inside. With (σ, p) a singular value of B and its
/// left vector, a singular value of A lies within β·|p_last| of σ.
struct GolubKahan<Scalar: KernelScalar> {
    /// One singular value found, relative to 2^`exponent`, and how far from it one of A may lie.
    struct Value {
        let value: Double
        let residual: Double
    }

    /// Largest first.
    let values: [Value]
    let exponent: Int

    /// - Parameters:
    ///   - start: a direction in the smaller of the two spaces, or values of 0 that A does not have would be found.
    ///   - steps: each one application of A and one of its transpose; fewer where the space is exhausted.
    /// - Throws: `MeasurementObstacle.everythingZero` if A·start is 0.
    init(
        start: Tensor<Scalar>, steps: Int, apply: (Tensor<Scalar>) throws -> ScaledTensor<Scalar>,
        applyTransposed: (Tensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) throws {
        var (left, right) = (Basis<Scalar>(), Basis<Scalar>())
        _ = right.append(start)
        let first = try apply(right.last)
        guard let size = first.log10Norm.value else {
            throw first.log10Norm == .zero
                ? MeasurementObstacle.everythingZero : MeasurementObstacle.derivativeNotFinite
        }
        let exponent = Int(saturating: (size / log10(2)).rounded())
        var (diagonal, beyond) = ([left.append(first.plain(relativeTo: exponent))], [Double]())
        for step in 1...max(1, steps) {
            let beta = right.append(try applyTransposed(left.last).plain(relativeTo: exponent))
            beyond.append(beta)
            guard step < steps, beta > 0 else { break }
            diagonal.append(left.append(try apply(right.last).plain(relativeTo: exponent)))
            guard diagonal[step] > 0 else {
                beyond.append(0)
                break
            }
        }
        self.exponent = exponent
        values = try Self.values(diagonal: diagonal, beyond: beyond)
    }

    private static func values(diagonal: [Double], beyond: [Double]) throws -> [Value] {
        let count = diagonal.count
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            matrix[row * count + row] = diagonal[row]
            if row + 1 < count { matrix[row * count + row + 1] = beyond[row] }
        }
        let svd = try SmallSVD(matrix, rows: count, columns: count)
        return svd.singularValues.indices.map { index in
            let last = svd.left[(count - 1) * count + index]
            return Value(value: svd.singularValues[index], residual: abs(beyond[count - 1] * last))
        }
    }
}

/// Orthonormal vectors.
private struct Basis<Scalar: KernelScalar> {
    private var vectors: [Tensor<Scalar>] = []
    /// The largest vector so far, which is about ‖A‖: what that leaves in rounding is nothing.
    private var largest = 0.0

    var last: Tensor<Scalar> { vectors[vectors.count - 1] }

    /// Appends what of a vector is orthogonal to the others, normalised; the norm before that. What is left of a
    /// vector within their span is rounding, counts as 0 and is not appended.
    mutating func append(_ vector: Tensor<Scalar>) -> Double {
        let kernels = Scalar.kernels
        largest = max(largest, kernels.sumOfSquares(vector).squareRoot())
        var rest = vector
        // Twice is enough (Kahan; Parlett 1980, section 6-9).
        for _ in 0..<2 {
            for other in vectors { rest = kernels.combine(rest, 1, other, -kernels.dot(rest, other)) }
        }
        let norm = kernels.sumOfSquares(rest).squareRoot()
        guard norm > largest * 256 * Double(Scalar.ulpOfOne) else { return 0 }
        vectors.append(kernels.scale(rest, by: 1 / norm))
        return norm
    }
}

extension ScaledTensor where Scalar: KernelScalar {
    /// Without its scale, in units of 2^`exponent`.
    fileprivate func plain(relativeTo exponent: Int) -> Tensor<Scalar> {
        let coefficient = coefficient(relativeTo: exponent)
        return coefficient == 1 ? tensor : Scalar.kernels.scale(tensor, by: coefficient)
    }
}
