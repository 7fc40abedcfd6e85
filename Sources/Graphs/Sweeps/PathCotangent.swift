import Kernels
import Tensors

/// ∂E of one value, split into what reaches it by shortcuts alone and what passed through weights: g = d + w (Eqn. 5, 8).
///
/// Above the last unit all of it is direct, inside a residual branch all of it passed through weights; there nothing is
/// pulled back twice.
struct PathCotangent<Scalar: KernelScalar>: Sendable {
    /// How g divides.
    enum Split: Sendable {
        case direct
        case throughWeights
        case both(direct: ScaledTensor<Scalar>, throughWeights: ScaledTensor<Scalar>)
    }

    /// g.
    var total: ScaledTensor<Scalar>
    var split: Split

    /// d; `nil` where it is 0.
    var direct: ScaledTensor<Scalar>? {
        switch split {
        case .direct: total
        case .throughWeights: nil
        case .both(let direct, _): direct
        }
    }

    /// w; `nil` where it is 0.
    var throughWeights: ScaledTensor<Scalar>? {
        switch split {
        case .direct: nil
        case .throughWeights: total
        case .both(_, let throughWeights): throughWeights
        }
    }

    /// As it enters a merge by an operand of F: all of it passes through weights from there on.
    var intoBranch: PathCotangent { PathCotangent(total: total, split: .throughWeights) }

    /// Each pulled back by the same linear map.
    func pulled(by map: (ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>) rethrows -> PathCotangent {
        let total = try map(total)
        guard case .both(let direct, let throughWeights) = split else {
            return PathCotangent(total: total, split: split)
        }
        return PathCotangent(
            total: total, split: .both(direct: try map(direct), throughWeights: try map(throughWeights)))
    }

    /// What reaches a value by two ways. All parts stay in the range of their numbers: a power of two moves into their
    /// exponents in time.
    func plus(_ other: PathCotangent) -> PathCotangent {
        let total = total.adding(other.total).tensor
        switch (split, other.split) {
        case (.direct, .direct), (.throughWeights, .throughWeights):
            return PathCotangent(total: total, split: split)
        default:
            let zero = total.scaled(by: 0)
            return PathCotangent(
                total: total,
                split: .both(
                    direct: Self.sum(direct, other.direct) ?? zero,
                    throughWeights: Self.sum(throughWeights, other.throughWeights) ?? zero))
        }
    }

    private static func sum(
        _ a: ScaledTensor<Scalar>?, _ b: ScaledTensor<Scalar>?
    ) -> ScaledTensor<Scalar>? {
        if let a, let b { return a.adding(b).tensor }
        var lone = a ?? b
        lone?.keepInRange()
        return lone
    }
}
