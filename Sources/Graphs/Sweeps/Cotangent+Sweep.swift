import Kernels
import Operators
import Tensors

/// One gradient, which may have a normalisation still to pass.
extension Cotangent: Cotangents {
    package consuming func pulledBack(
        by operation: any Operator, to slots: [Int], isCut: (Int) -> Bool, at point: Point<Scalar>
    ) throws -> [Cotangent] { try operation.pullBack(self, to: slots, at: point) }

    package mutating func resolveInPlace() {
        let here = consume self
        self = .resolved((consume here).resolve())
    }

    /// Resolves it, and moves a power of two into its exponent where its numbers come near the end of their range.
    package mutating func keepInRange() -> (tensor: ScaledTensor<Scalar>, norm: LogNorm) {
        var resolved = resolve()
        let norm = resolved.keepInRange()
        self = .resolved(resolved)
        return (resolved, norm)
    }
}
