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
                try cotangent.map {
                    try operation.vjp($0.tensor, to: slot, at: point)
                        .scaled(by: $0.factor, power: $0.exponent)
                }
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
        let shares = shares()
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

    /// Squared norms over their sum, free of range: relative to the largest.
    private func shares() -> (lengths: [Double], rest: Double) {
        let largest = (norms + [restNorm]).compactMap(\.value).max() ?? 0
        func square(_ norm: LogNorm) -> Double { norm.value.map { pow(10, 2 * ($0 - largest)) } ?? 0 }
        let squares = norms.map(square)
        let sum = squares.reduce(square(restNorm), +)
        guard sum > 0 else { return (squares, 0) }
        return (squares.map { $0 / sum }, square(restNorm) / sum)
    }

    /// Mean and deviation of the length at x_l.
    func row(unit: Int) -> PathLengthSpectrum.Row {
        let shares = shares()
        var row = PathLengthSpectrum.Row(
            unit: unit, mean: nil, standardDeviation: nil, status: .notMeasured,
            lengths: lengths.count { $0 != nil }, restShare: shares.rest)
        let followed = shares.lengths.reduce(0, +)
        let parts = norms + [restNorm]
        if parts.contains(.notFinite) || parts.allSatisfy({ $0 == .zero }) {
            row.status = parts.contains(.notFinite) ? .notFinite : .zero
            return row
        }
        guard followed > 0, shares.rest < 0.01 else { return row }
        row.status = .measured
        let mean = shares.lengths.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / followed
        let variance = shares.lengths.enumerated().reduce(0) {
            $0 + (Double($1.offset) - mean) * (Double($1.offset) - mean) * $1.element
        }
        (row.mean, row.standardDeviation) = (mean, (variance / followed).squareRoot())
        return row
    }

    /// Every length followed at x_l.
    func distribution(unit: Int) -> [PathLengthSpectrum.Length] {
        let shares = shares().lengths
        return norms.indices.compactMap { k in
            norms[k].value.map { .init(unit: unit, length: k, log10: $0, share: shares[k]) }
        }
    }

    /// ‖g − Σ_k G^(k)‖ / ‖g‖; `nil` where g is 0.
    func sumError(against total: ScaledTensor<Scalar>) -> Double? {
        Self.error(of: (lengths + [rest]).compactMap(\.self), against: total)
    }

    /// ‖d − G^(0)‖ / ‖d‖; `nil` where length 0 is not followed.
    func directError(against direct: ScaledTensor<Scalar>) -> Double? {
        lengths[0].flatMap { Self.error(of: [$0], against: direct) }
    }

    private static func error(
        of parts: [ScaledTensor<Scalar>], against whole: ScaledTensor<Scalar>
    ) -> Double? {
        guard let size = whole.log10Norm.value else { return nil }
        var difference = whole.scaled(by: -1)
        var norm = LogNorm.log10(size)
        for part in parts { (difference, norm) = difference.adding(part) }
        switch norm {
        case .log10(let left): return pow(10, left - size)
        case .zero, .notMeasured: return 0
        case .notFinite: return .infinity
        }
    }
}
