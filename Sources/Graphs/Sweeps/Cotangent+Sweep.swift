import Kernels
import Operators

/// The backward pass of training: one cotangent, which may have a normalisation still to pass.
extension Cotangent: Cotangents {
    package consuming func pulledBack(
        by operation: any Operator, to slots: [Int], isCut: (Int) -> Bool, at point: Point<Scalar>
    ) throws -> [Cotangent] { try operation.pullBack(self, to: slots, at: point) }
}
