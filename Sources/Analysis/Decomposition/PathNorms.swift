import Foundation
import Kernels
import Tensors

/// What is measured of the three cotangents at one x_l.
public struct PathNorms: Sendable, Equatable {
    /// log10 ‖g_l‖, ‖d_l‖, ‖w_l‖; `nil` where the norm is 0 or not finite.
    public var gradientLog10: Double?
    public var directLog10: Double?
    public var throughWeightsLog10: Double?
    /// ⟨d_l, w_l⟩ / (‖d_l‖·‖w_l‖); `nil` where either is 0.
    public var cosine: Double?
    /// ‖g − d − w‖ / max(‖g‖, ‖d‖, ‖w‖); `nil` if all three are 0, infinite if one is not finite.
    public var decompositionError: Double?

    /// At the start of a recursion g = d and w = 0.
    init(start: Double?) {
        gradientLog10 = start
        directLog10 = start
        decompositionError = start == nil ? nil : 0
    }

    init<Scalar: KernelScalar>(
        _ paths: PathDecomposition<Scalar>, sums: DecompositionSums,
        residualCoefficients: (total: Double, direct: Double, throughWeights: Double)
    ) {
        gradientLog10 = paths.total.log10Norm(squaredNorm: sums.total)
        directLog10 = paths.direct.log10Norm(squaredNorm: sums.direct)
        throughWeightsLog10 = paths.throughWeights.log10Norm(squaredNorm: sums.throughWeights)
        if directLog10 != nil, throughWeightsLog10 != nil {
            let sign = paths.direct.factor * paths.throughWeights.factor < 0 ? -1.0 : 1
            cosine =
                sign * sums.directTimesThroughWeights
                / (sums.direct.squareRoot() * sums.throughWeights.squareRoot())
        }
        guard sums.total.isFinite, sums.direct.isFinite, sums.throughWeights.isFinite else {
            decompositionError = .infinity
            return
        }
        let largest = max(
            sums.total.squareRoot() * abs(residualCoefficients.total),
            sums.direct.squareRoot() * abs(residualCoefficients.direct),
            sums.throughWeights.squareRoot() * abs(residualCoefficients.throughWeights))
        decompositionError = largest > 0 ? sums.residual.squareRoot() / largest : nil
    }
}
