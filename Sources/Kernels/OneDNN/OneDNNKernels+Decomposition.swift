import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func decompose(
        _ step: consuming DecompositionStep<Float>
    ) -> (total: Tensor<Float>, throughWeights: Tensor<Float>, sums: DecompositionSums) {
        step.reblock(to: step.total.block)
        // A result takes its argument's memory unless another value, perhaps another argument, shares it. Asked
        // once, before the names below share it too.
        let totalIsOurs = step.total.isUniquelyReferenced()
        let throughWeightsIsOurs = step.throughWeights.isUniquelyReferenced()
        let total =
            totalIsOurs ? step.total : Tensor(uninitialized: step.total.shape, block: step.total.block)
        let throughWeights =
            throughWeightsIsOurs
            ? step.throughWeights : Tensor(uninitialized: step.total.shape, block: step.total.block)
        let sums = withElements(total, throughWeights) { total, throughWeights in
            step.withFused { fused in
                fk_decompose(
                    Int64(step.total.storedCount), fused, UnsafeMutablePointer(mutating: total),
                    UnsafeMutablePointer(mutating: throughWeights), threads)
            }
        }
        return (total, throughWeights, DecompositionSums(sums))
    }
}

extension DecompositionStep<Float> {
    fileprivate mutating func reblock(to block: Int) {
        throughWeights.reblock(to: block)
        branch.reblock(to: block)
        direct.reblock(to: block)
        for other in [throughWeights, branch, direct] { requireSameExtent(total, other) }
    }

    /// Lends the step to C.
    fileprivate func withFused<Result>(_ body: (fk_decomposition_step) -> Result) -> Result {
        withElements(total, throughWeights) { total, throughWeights in
            withElements(branch, direct) { branch, direct in
                body(
                    fk_decomposition_step(
                        total: total, total_coefficient: Float(totalCoefficient),
                        through_weights: throughWeights,
                        through_weights_coefficient: Float(throughWeightsCoefficient),
                        branch: branch, branch_in_total: Float(branchInTotal),
                        branch_in_through_weights: Float(branchInThroughWeights),
                        direct: direct, residual_total: Float(residual.total),
                        residual_direct: Float(residual.direct),
                        residual_through_weights: Float(residual.throughWeights)))
            }
        }
    }
}

extension DecompositionSums {
    fileprivate init(_ sums: fk_decomposition_sums) {
        self.init()
        total = sums.total
        direct = sums.direct
        throughWeights = sums.through_weights
        directTimesThroughWeights = sums.direct_times_through_weights
        residual = sums.residual
    }
}
