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
    private var norms: [LogNorm]
    private var restNorm = LogNorm.zero
    private let smallestShare: Double

    init(startingAt top: ScaledTensor<Scalar>, greatestLength: Int, smallestShare: Double) {
        lengths = Array(repeating: nil, count: greatestLength + 1)
        norms = Array(repeating: .zero, count: greatestLength + 1)
        self.smallestShare = smallestShare
        norms[0] = top.log10Norm
        lengths[0] = norms[0] == .zero ? nil : top
    }

    /// One unit down. Ascending in k, so that only one branch's pull-back is held at a time.
    mutating func pullBack(through unit: UnitDerivatives<Scalar>) throws {
        var shorter: ScaledTensor<Scalar>?
        for k in lengths.indices {
            var atY = lengths[k].take()
            if let length = atY.take() { atY = try unit.after.pullBack(length) }
            let branch = try atY.map { try unit.branch.pullBack($0) }
            let carried = try atY.take().map { try unit.shortcut.pullBack($0) }
            (lengths[k], norms[k]) = Self.sum(consume carried, shorter)
            shorter = branch
        }
        let carried = try rest.take().map { try unit.pullBack($0) }
        (rest, restNorm) = Self.sum(consume carried, shorter)
        leaveOutWhatDoesNotMatter()
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

    private mutating func leaveOutWhatDoesNotMatter() {
        let shares = shares()
        for k in lengths.indices where lengths[k] != nil && shares.lengths[k] < smallestShare {
            (rest, restNorm) = Self.sum(rest.take(), lengths[k])
            (lengths[k], norms[k]) = (nil, .zero)
        }
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
