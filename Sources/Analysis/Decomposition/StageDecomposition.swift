import Kernels
import ResidualNetworks
import Tensors

/// The direct and through-weights recursions restarted at the last x_e of a stage (the paper's footnote 1).
/// The total, and with it the branch's pull-back, is that of the whole network.
struct StageDecomposition<Scalar: KernelScalar> {
    private var direct: MeasuredTensor<Scalar>
    private var throughWeights: MeasuredTensor<Scalar>
    var directNorm: LogNorm { direct.norm }
    var throughWeightsNorm: LogNorm { throughWeights.norm }

    init(startingAt total: ScaledTensor<Scalar>) {
        direct = MeasuredTensor(total)
        throughWeights = MeasuredTensor(total.scaled(by: 0))
    }

    /// One unit down, given `branch` = J_lᵀD_lᵀg_{l+1}.
    mutating func pullBack(
        through unit: UnitDerivatives<Scalar>, branch: ScaledTensor<Scalar>
    ) throws {
        try direct.move { try unit.shortcut.pullBack(try unit.after.pullBack($0)) }
        try throughWeights.move(adding: branch) { try unit.shortcut.pullBack(try unit.after.pullBack($0)) }
    }
}
