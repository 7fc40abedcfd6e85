import Foundation
import Graphs
import Kernels
import Operators
import Tensors

/// The gradient split by the number of branches it passed through (Veit, Wilber, Belongie 2016): on an edge by which F enters
/// its merge every length becomes one longer, and every other map pulls each back as it is. On a chain of units,
///
///     G_l^(k) = H_lᵀD_lᵀ G_{l+1}^(k) + J_lᵀD_lᵀ G_{l+1}^(k−1),       G_L^(0) = g_L
///
/// G^(0) is d, and Σ_k G^(k) = g. Longer paths than the greatest are carried together, with the lengths whose
/// share has become too small to matter, so that the sum stays whole: R_l = (H_l + J_l)ᵀD_lᵀ R_{l+1} + what joins.
struct PathLengths<Scalar: KernelScalar>: Cotangents {
    /// G^(k); `nil` for 0 and for a length that is not followed.
    private var lengths: [ScaledTensor<Scalar>?]
    private var rest: ScaledTensor<Scalar>?
    /// log10 ‖G^(k)‖ as of the last addition.
    private var norms: [LogNorm]
    private var restNorm = LogNorm.zero
    /// Whether nothing was pulled back since.
    private var isMeasured = true

    init(startingAt top: ScaledTensor<Scalar>, greatestLength: Int) {
        lengths = Array(repeating: nil, count: greatestLength + 1)
        norms = Array(repeating: .zero, count: greatestLength + 1)
        norms[0] = top.log10Norm
        lengths[0] = norms[0] == .zero ? nil : top
    }

    consuming func pulledBack(
        by operation: any Operator, to slots: [Int], isCut: (Int) -> Bool, at point: Point<Scalar>
    ) throws -> [PathLengths] {
        let here = consume self
        return try slots.map { slot in
            var pulled = here
            func pull(_ cotangent: ScaledTensor<Scalar>?) throws -> ScaledTensor<Scalar>? {
                try cotangent.map { try operation.vjp($0, to: slot, at: point) }
            }
            for k in here.lengths.indices { pulled.lengths[k] = try pull(here.lengths[k]) }
            pulled.rest = try pull(here.rest)
            pulled.isMeasured = false
            if isCut(slot) { pulled.lengthen() }
            return pulled
        }
    }

    /// All paths pass one branch more.
    private mutating func lengthen() {
        let last = lengths.count - 1
        (rest, restNorm) = Self.sum(rest.take(), lengths[last])
        for k in stride(from: last, to: 0, by: -1) { (lengths[k], norms[k]) = (lengths[k - 1], norms[k - 1]) }
        (lengths[0], norms[0]) = (nil, .zero)
    }

    consuming func plus(_ other: consuming PathLengths) -> PathLengths {
        var (sum, other) = (consume self, consume other)
        for k in sum.lengths.indices {
            let (own, added) = (sum.lengths[k].take(), other.lengths[k].take())
            (sum.lengths[k], sum.norms[k]) = Self.sum(own, added)
        }
        (sum.rest, sum.restNorm) = Self.sum(sum.rest.take(), other.rest)
        sum.isMeasured = true
        return sum
    }

    /// The sum with log10 of its norm; `nil` where it is exactly 0.
    private static func sum(
        _ a: consuming ScaledTensor<Scalar>?, _ b: ScaledTensor<Scalar>?
    ) -> (ScaledTensor<Scalar>?, LogNorm) {
        guard let b else {
            let norm = a?.log10Norm ?? .zero
            return norm == .zero ? (nil, norm) : (a, norm)
        }
        guard let first = consume a else {
            let norm = b.log10Norm
            return norm == .zero ? (nil, norm) : (b, norm)
        }
        let (sum, norm) = (consume first).adding(b)
        return norm == .zero ? (nil, norm) : (sum, norm)
    }

    /// Carries lengths together with the rest whose share has become too small to matter.
    mutating func leaveOut(below smallestShare: Double) {
        if !isMeasured { measure() }
        let shares = sizes().shares
        for k in lengths.indices where lengths[k] != nil && shares.lengths[k] < smallestShare {
            (rest, restNorm) = Self.sum(rest.take(), lengths[k])
            (lengths[k], norms[k]) = (nil, .zero)
        }
    }

    private mutating func measure() {
        for k in lengths.indices { (lengths[k], norms[k]) = Self.sum(lengths[k].take(), nil) }
        (rest, restNorm) = Self.sum(rest.take(), nil)
        isMeasured = true
    }

    /// log10 of the norms of all lengths and of the rest.
    func sizes() -> PathLengthNorms { PathLengthNorms(lengths: norms, rest: restNorm) }

    /// log10 ‖g − Σ_k G^(k)‖.
    func sumDifference(from total: ScaledTensor<Scalar>) -> LogNorm {
        Self.difference(of: (lengths + [rest]).compactMap(\.self), from: total)
    }

    /// log10 ‖d − G^(0)‖; `nil` where length 0 is not followed.
    func directDifference(from direct: ScaledTensor<Scalar>) -> LogNorm? {
        lengths[0].map { Self.difference(of: [$0], from: direct) }
    }

    private static func difference(
        of parts: [ScaledTensor<Scalar>], from whole: ScaledTensor<Scalar>
    ) -> LogNorm {
        var (difference, norm) = (whole.scaled(by: -1), whole.log10Norm)
        for part in parts { (difference, norm) = difference.adding(part) }
        return norm
    }
}
