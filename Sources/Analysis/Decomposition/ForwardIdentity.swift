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
        carried = try linearized.h.derivative.pushForward(carried)
        let step = try step(linearized, to: x)
        // Nobody else holds the old sum now: the new one may take its memory.
        sum = nil
        let (total, squares) = Scalar.kernels.advanceForwardSum(consume step)
        sum = ScaledTensor(total)
        return error(squares) ?? errorAtAnotherScale(x, sum: total)
    }

    private func step(
        _ linearized: LinearizedUnit<Scalar>, to x: Tensor<Scalar>
    ) throws -> ForwardSumStep<Scalar> {
        let branch = linearized.F.value
        let previous = try sum.map { try linearized.h.derivative.pushForward($0) } ?? branch.scaled(by: 0)
        return ForwardSumStep(
            previous: previous.tensor, previousCoefficient: previous.coefficient(relativeTo: 0),
            branch: branch.tensor, branchCoefficient: branch.coefficient(relativeTo: 0), value: x,
            carried: carried.tensor, carriedCoefficient: carried.coefficient(relativeTo: 0))
    }

    /// `nil` where all terms are 0, and where a square left its range.
    private func error(_ squares: ForwardSumSquares) -> Double? {
        let largest = max(squares.sum, squares.value, squares.carried)
        return largest >= Scalar.leastReliableSquares && largest.isFinite
            ? (squares.residual / largest).squareRoot() : nil
    }

    /// The error once more, with all terms brought near 1: their squares may have left their range alone.
    private func errorAtAnotherScale(_ x: Tensor<Scalar>, sum: Tensor<Scalar>) -> Double? {
        let kernels = Scalar.kernels
        let largest = max(kernels.largestMagnitude(x), kernels.largestMagnitude(sum))
        guard largest > 0, largest.isFinite else { return nil }
        let order = Int(largest.exponent)
        let sum = kernels.scale(sum, byPowerOfTwo: -order)
        return error(
            kernels.advanceForwardSum(
                ForwardSumStep(
                    previous: sum, previousCoefficient: 0, branch: sum, branchCoefficient: 1,
                    value: kernels.scale(x, byPowerOfTwo: -order), carried: carried.tensor,
                    carriedCoefficient: carried.coefficient(relativeTo: order))
            ).squares)
    }
}
