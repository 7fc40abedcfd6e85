import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// The gradient split by the number of branches it passed through (Veit, Wilber, Belongie 2016):
///
///     G_l^(k) = H_lᵀD_lᵀ G_{l+1}^(k) + J_lᵀD_lᵀ G_{l+1}^(k−1),       G_L^(0) = g_L
///
/// G^(0) is d, and Σ_k G^(k) = g. Longer paths than the greatest are carried together, with the lengths whose
/// share has become too small to matter, so that the sum stays whole: R_l = (H_l + J_l)ᵀD_lᵀ R_{l+1} + what joins.
struct PathLengthSweep<Scalar: KernelScalar> {
    /// G^(k); `nil` for 0 and for a length that is not followed.
    private var lengths: [ScaledTensor<Scalar>?]
    private var rest: ScaledTensor<Scalar>?
    /// log10 ‖G^(k)‖.
    private var log10Norms: [Double?]
    private var restLog10: Double?
    private let smallestShare: Double

    init(startingAt top: ScaledTensor<Scalar>, greatestLength: Int, smallestShare: Double) {
        lengths = Array(repeating: nil, count: greatestLength + 1)
        log10Norms = Array(repeating: nil, count: greatestLength + 1)
        self.smallestShare = smallestShare
        log10Norms[0] = top.log10Norm
        lengths[0] = log10Norms[0] == nil ? nil : top
    }

    /// One unit down. Ascending in k, so that only one branch's pull-back is held at a time.
    mutating func pullBack(through unit: UnitDerivatives<Scalar>) throws {
        var shorter: ScaledTensor<Scalar>?
        for k in lengths.indices {
            var atY = lengths[k].take()
            if let length = atY.take() { atY = try unit.after.pullBack(length) }
            let branch = try atY.map { try unit.branch.pullBack($0) }
            let carried = try atY.take().map { try unit.shortcut.pullBack($0) }
            (lengths[k], log10Norms[k]) = Self.sum(consume carried, shorter)
            shorter = branch
        }
        let carried = try rest.take().map { try unit.pullBack($0) }
        (rest, restLog10) = Self.sum(consume carried, shorter)
        leaveOutWhatDoesNotMatter()
    }

    /// The sum with log10 of its norm; `nil` where it is exactly 0.
    private static func sum(
        _ a: consuming ScaledTensor<Scalar>?, _ b: ScaledTensor<Scalar>?
    ) -> (ScaledTensor<Scalar>?, Double?) {
        guard let b else {
            let log10Norm = a?.log10Norm
            return log10Norm == nil ? (nil, nil) : (a, log10Norm)
        }
        guard let first = consume a else {
            let log10Norm = b.log10Norm
            return log10Norm == nil ? (nil, nil) : (b, log10Norm)
        }
        let (sum, log10Norm) = (consume first).adding(b)
        return log10Norm == nil ? (nil, nil) : (sum, log10Norm)
    }

    private mutating func leaveOutWhatDoesNotMatter() {
        let shares = shares()
        for k in lengths.indices where lengths[k] != nil && shares.lengths[k] < smallestShare {
            (rest, restLog10) = Self.sum(rest.take(), lengths[k])
            (lengths[k], log10Norms[k]) = (nil, nil)
        }
    }

    /// Squared norms over their sum, free of range: relative to the largest.
    private func shares() -> (lengths: [Double], rest: Double) {
        let largest = (log10Norms + [restLog10]).compactMap(\.self).max() ?? 0
        func square(_ log10: Double?) -> Double { log10.map { pow(10, 2 * ($0 - largest)) } ?? 0 }
        let squares = log10Norms.map(square)
        let sum = squares.reduce(square(restLog10), +)
        guard sum > 0 else { return (squares, 0) }
        return (squares.map { $0 / sum }, square(restLog10) / sum)
    }

    /// Mean and deviation of the length at x_l.
    func row(unit: Int) -> PathLengthSpectrum.Row {
        let shares = shares()
        var row = PathLengthSpectrum.Row(
            unit: unit, mean: nil, standardDeviation: nil, lengths: lengths.count { $0 != nil },
            restShare: shares.rest)
        let followed = shares.lengths.reduce(0, +)
        guard followed > 0, shares.rest < 0.01 else { return row }
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
        return log10Norms.indices.compactMap { k in
            log10Norms[k].map { .init(unit: unit, length: k, log10: $0, share: shares[k]) }
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
        guard let size = whole.log10Norm else { return nil }
        var difference = whole.scaled(by: -1)
        var log10Norm: Double? = size
        for part in parts { (difference, log10Norm) = difference.adding(part) }
        return log10Norm.map { pow(10, $0 - size) } ?? 0
    }
}
