import Foundation
import Graphs
import Kernels
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
    ///
    /// - Parameters:
    ///   - way: by h from x_l to y_l = x_{l+1}; `nil` where it is not linear, or f not the identity.
    ///   - branches: the operands of F.
    @specialized(where Scalar == Float)
    mutating func advance(
        by way: ShortcutWay?, _ branches: [Merge.Leaf: ScaledTensor<Scalar>],
        in evaluation: GraphEvaluation<Scalar>, to x: Tensor<Scalar>
    ) throws -> Double? {
        guard let way, var terms = try pushed(by: way, branches, in: evaluation), terms.branch != nil else {
            self = ForwardIdentity(start: x)
            return nil
        }
        carried = terms.carried ?? carried.scaled(by: 0)
        // Nobody else holds the old sum then: the new one may take its memory.
        sum = nil
        let (total, squares) = Scalar.kernels.advanceForwardSum(step(&terms, to: x))
        sum = ScaledTensor(total)
        return error(squares) ?? errorAtAnotherScale(x, sum: total)
    }

    /// Takes the terms.
    private func step(_ terms: inout Terms, to x: Tensor<Scalar>) -> ForwardSumStep<Scalar> {
        let branch = terms.branch.take() ?? ScaledTensor(x, factor: 0)
        let previous = terms.sum.take() ?? branch.scaled(by: 0)
        return ForwardSumStep(
            previous: previous.tensor, previousCoefficient: previous.coefficient(relativeTo: 0),
            branch: branch.tensor, branchCoefficient: branch.coefficient(relativeTo: 0), value: x,
            carried: carried.tensor, carriedCoefficient: carried.coefficient(relativeTo: 0))
    }

    /// What x_s, the sum so far and this unit's F have become at a node.
    private struct Terms {
        var carried: ScaledTensor<Scalar>?
        var sum: ScaledTensor<Scalar>?
        var branch: ScaledTensor<Scalar>?
    }

    private func pushed(
        by way: ShortcutWay, _ branches: [Merge.Leaf: ScaledTensor<Scalar>],
        in evaluation: GraphEvaluation<Scalar>
    ) throws -> Terms? {
        var found = [way.start: Terms(carried: carried, sum: sum)]
        for step in way.steps {
            var here = Terms()
            func push(_ tensor: ScaledTensor<Scalar>?, _ slot: Int) throws -> ScaledTensor<Scalar>? {
                try tensor.map { try evaluation.pushForward($0, through: step.node, from: slot) }
            }
            for (slot, operand) in step.edges {
                guard let terms = found[operand] else { return nil }
                here.carried = Self.total(here.carried, try push(terms.carried, slot))
                here.sum = Self.total(here.sum, try push(terms.sum, slot))
                here.branch = Self.total(here.branch, try push(terms.branch, slot))
            }
            for leaf in step.branches {
                guard let value = branches[leaf] else { return nil }
                here.branch = Self.total(here.branch, try push(value, leaf.slot))
            }
            found[step.node] = here
        }
        return way.steps.last.flatMap { found[$0.node] }
    }

    private static func total(
        _ a: ScaledTensor<Scalar>?, _ b: ScaledTensor<Scalar>?
    ) -> ScaledTensor<Scalar>? {
        if let a, let b { return a.adding(b).tensor }
        return a ?? b
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
