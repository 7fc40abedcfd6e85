import Foundation
import Tensors

/// log10 of the norms of G^(0), G^(1), … and of what is carried together: of one tensor or of all of a state.
struct PathLengthNorms {
    /// Zero for a length that is not followed.
    let lengths: [LogNorm]
    let rest: LogNorm

    init(lengths: [LogNorm], rest: LogNorm) {
        self.lengths = lengths
        self.rest = rest
    }

    /// Of a state of several tensors.
    ///
    /// - Parameter parts: at least one.
    init(of parts: [PathLengthNorms]) {
        lengths = parts[0].lengths.indices.map { k in LogNorm(of: parts.map { $0.lengths[k] }) }
        rest = LogNorm(of: parts.map(\.rest))
    }

    /// Squared norms over their sum, free of range: relative to the largest.
    var shares: (lengths: [Double], rest: Double) {
        let largest = (lengths + [rest]).compactMap(\.value).max() ?? 0
        func square(_ norm: LogNorm) -> Double { norm.value.map { pow(10, 2 * ($0 - largest)) } ?? 0 }
        let squares = lengths.map(square)
        let sum = squares.reduce(square(rest), +)
        guard sum > 0 else { return (squares, 0) }
        return (squares.map { $0 / sum }, square(rest) / sum)
    }

    /// Mean and deviation of the length at x_l.
    func row(unit: Int) -> PathLengthSpectrum.Row {
        let shares = shares
        var row = PathLengthSpectrum.Row(
            unit: unit, mean: nil, standardDeviation: nil, status: .notMeasured,
            lengths: lengths.count { $0 != .zero }, restShare: shares.rest)
        let followed = shares.lengths.reduce(0, +)
        let parts = lengths + [rest]
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
        let shares = shares.lengths
        return lengths.indices.compactMap { k in
            lengths[k].value.map { .init(unit: unit, length: k, log10: $0, share: shares[k]) }
        }
    }
}
