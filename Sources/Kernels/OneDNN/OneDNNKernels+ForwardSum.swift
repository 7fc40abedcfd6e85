import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func advanceForwardSum(
        _ step: consuming ForwardSumStep<Float>
    ) -> (sum: Tensor<Float>, squares: ForwardSumSquares) {
        step.reblock(to: step.value.block)
        // The result takes the memory of the previous sum unless another value, perhaps another argument, shares
        // it. Asked once, before the name below shares it too.
        let sum =
            step.previous.isUniquelyReferenced()
            ? step.previous : Tensor(uninitialized: step.value.shape, block: step.value.block)
        let squares = withElements(sum) { sum in
            step.withFused { fused in
                fk_advance_forward_sum(
                    Int64(step.value.storedCount), fused, UnsafeMutablePointer(mutating: sum), threads)
            }
        }
        return (
            sum,
            ForwardSumSquares(
                sum: squares.sum, value: squares.value, carried: squares.carried, residual: squares.residual)
        )
    }
}

extension ForwardSumStep<Float> {
    fileprivate mutating func reblock(to block: Int) {
        previous.reblock(to: block)
        branch.reblock(to: block)
        carried.reblock(to: block)
        for other in [previous, branch, carried] { requireSameExtent(value, other) }
    }

    /// Lends the step to C.
    fileprivate func withFused<Result>(_ body: (fk_forward_sum_step) -> Result) -> Result {
        withElements(previous, branch) { previous, branch in
            withElements(value, carried) { value, carried in
                body(
                    fk_forward_sum_step(
                        previous: previous, previous_coefficient: Float(previousCoefficient), branch: branch,
                        branch_coefficient: Float(branchCoefficient), value: value, carried: carried,
                        carried_coefficient: Float(carriedCoefficient)))
            }
        }
    }
}
