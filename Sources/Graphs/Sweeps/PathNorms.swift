import Foundation
import Kernels
import Tensors

/// What is measured of the three cotangents at one x_l.
public struct PathNorms: Sendable, Equatable {
    /// log10 ‖g_l‖, ‖d_l‖, ‖w_l‖.
    public var gradient: LogNorm
    public var direct: LogNorm
    public var throughWeights: LogNorm
    /// ⟨d_l, w_l⟩ / (‖d_l‖·‖w_l‖); `nil` where either has no size.
    public private(set) var cosine: Double?
    /// ‖g − d − w‖ / max(‖g‖, ‖d‖, ‖w‖); `nil` if all three are 0, infinite if one is not finite.
    public private(set) var decompositionError: Double?

    public init(gradient: LogNorm, direct: LogNorm, throughWeights: LogNorm) {
        self.gradient = gradient
        self.direct = direct
        self.throughWeights = throughWeights
    }

    /// Where all of g is direct; that w = 0 there is no finding.
    init(start: LogNorm) {
        gradient = start
        direct = start
        throughWeights = .notMeasured
        decompositionError = start.value == nil ? nil : 0
    }

    /// How the three relate, given sums over the tensors under their scales.
    ///
    /// - Parameter sign: of the product of the scales of d and w.
    mutating func setRelations(
        _ sums: DecompositionSums, sign: Double,
        residualCoefficients: (total: Double, direct: Double, throughWeights: Double)
    ) {
        (cosine, decompositionError) = (nil, nil)
        if direct.value != nil, throughWeights.value != nil {
            cosine =
                sign * sums.directTimesThroughWeights
                / (sums.direct.squareRoot() * sums.throughWeights.squareRoot())
        }
        guard ![gradient, direct, throughWeights].contains(.notFinite) else {
            decompositionError = .infinity
            return
        }
        let largest = max(
            sums.total.squareRoot() * abs(residualCoefficients.total),
            sums.direct.squareRoot() * abs(residualCoefficients.direct),
            sums.throughWeights.squareRoot() * abs(residualCoefficients.throughWeights))
        decompositionError = largest > 0 ? sums.residual.squareRoot() / largest : nil
    }

    /// How the three relate over a state of several tensors, from how they relate in each.
    package mutating func combineRelations(of parts: [PathNorms]) {
        func relative(_ norm: LogNorm, to whole: LogNorm) -> Double {
            guard let norm = norm.value, let whole = whole.value else { return 0 }
            return pow(10, norm - whole)
        }
        (cosine, decompositionError) = (nil, nil)
        if direct.value != nil, throughWeights.value != nil {
            cosine = parts.reduce(0) { sum, part in
                sum + (part.cosine ?? 0) * relative(part.direct, to: direct)
                    * relative(part.throughWeights, to: throughWeights)
            }
        }
        let errors = parts.compactMap(\.decompositionError)
        guard !errors.contains(.infinity) else {
            decompositionError = .infinity
            return
        }
        let largest = LogNorm.log10(parts.map(\.largest).max() ?? -.infinity)
        guard !errors.isEmpty, largest.value?.isFinite == true else { return }
        decompositionError = parts.reduce(0) { sum, part in
            let size = (part.decompositionError ?? 0) * relative(.log10(part.largest), to: largest)
            return sum + size * size
        }.squareRoot()
    }

    /// log10 of the largest of the three.
    private var largest: Double {
        [gradient, direct, throughWeights].compactMap(\.value).max() ?? -.infinity
    }
}
