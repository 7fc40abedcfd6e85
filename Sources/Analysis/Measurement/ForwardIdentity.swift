import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// The check of Eqn. 4 (and 7): `x_l = (∏_{i=s}^{l−1} h_i)(x_s) + Σ_{i=s}^{l−1} F̂_i`, from the first x_s of a
/// segment to every later l of it, by sums of its own beside the network's.
///
/// A segment is a run of units with linear h and identity f; it crosses a change of size where A is linear.
/// Any other pair (l, e) of a segment is covered too: with E_l the residual at l, that of the pair is
/// E_e − (∏_{i=l}^{e−1} h_i)(E_l), because h is linear.
struct ForwardIdentity<Scalar: KernelScalar> {
    /// (∏ h)(x_s).
    private var carried: ScaledTensor<Scalar>
    /// Σ F̂, each pushed through the shortcuts above it; `nil` at x_s.
    private var sum: ScaledTensor<Scalar>?
    private var start: Tensor<Scalar>?

    init(start: Tensor<Scalar>) { carried = ScaledTensor(start) }

    /// Takes one unit into account; the error at x_{l+1} relative to the largest term, or `nil` where the
    /// identity does not apply and a new segment begins.
    mutating func advance(
        through unit: ResidualUnit<Scalar>, linearized: LinearizedUnit<Scalar>, to x: Tensor<Scalar>
    ) throws -> Double? {
        guard unit.after.isIdentity, unit.shortcut.isLinear else {
            self = ForwardIdentity(start: x)
            return nil
        }
        let kernels = Scalar.kernels
        let h = linearized.h.derivative
        carried = try h.pushForward(carried)
        let branch = linearized.F.value
        var previous = branch.tensor
        var coefficient = 0.0
        if let sum {
            let pushed = try h.pushForward(sum)
            (previous, coefficient) = (pushed.tensor, pushed.coefficient(relativeTo: 0))
        }
        // Nobody else holds the old sum now: the new one may take its memory.
        sum = nil
        let (total, squaredSum) = kernels.combineMeasured(
            consume previous, coefficient, branch.tensor, branch.coefficient(relativeTo: 0))
        sum = ScaledTensor(total)
        return error(of: x, sum: total, squaredSum: squaredSum)
    }

    private func error(of x: Tensor<Scalar>, sum: Tensor<Scalar>, squaredSum: Double, scale: Double = 1)
        -> Double?
    {
        let kernels = Scalar.kernels
        let difference = kernels.squaredResidual(
            x, of: sum, plus: carried.tensor, scale * carried.coefficient(relativeTo: 0))
        let largest = max(squaredSum, difference.value, difference.carried)
        if !largest.isFinite, scale == 1 {
            // The squares may have overflowed alone.
            let small = scalbn(1.0, -Scalar.exponentAboveSquares)
            let sum = kernels.scale(sum, by: small)
            return error(
                of: kernels.scale(x, by: small), sum: sum, squaredSum: kernels.sumOfSquares(sum), scale: small
            )
        }
        return largest > 0 ? (difference.residual / largest).squareRoot() : nil
    }
}
