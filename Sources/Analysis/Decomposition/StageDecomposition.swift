import Kernels
import ResidualNetworks
import Tensors

/// The direct and through-weights recursions restarted at the last x_e of a stage (the paper's footnote 1).
/// The total, and with it the branch's pull-back, is that of the whole network.
struct StageDecomposition<Scalar: KernelScalar> {
    private var direct: ScaledTensor<Scalar>
    private var throughWeights: ScaledTensor<Scalar>
    /// Σ direct², remembered while the tensor under the scale stays the same.
    private var directSquares: (of: ObjectIdentifier, sum: Double)
    private(set) var directLog10: Double?
    private(set) var throughWeightsLog10: Double?

    init(startingAt total: ScaledTensor<Scalar>) {
        direct = total
        throughWeights = total.scaled(by: 0)
        directSquares = (total.tensor.identity, Scalar.kernels.sumOfSquares(total.tensor))
        directLog10 = total.log10Norm(squaredNorm: directSquares.sum)
    }

    /// One unit down, given `branch` = J_lᵀD_lᵀg_{l+1}.
    mutating func pullBack(
        through unit: UnitDerivatives<Scalar>, branch: ScaledTensor<Scalar>
    ) throws {
        direct = try unit.shortcut.pullBack(try unit.after.pullBack(direct))
        if direct.tensor.identity != directSquares.of {
            directSquares = (direct.tensor.identity, Scalar.kernels.sumOfSquares(direct.tensor))
        }
        directLog10 = direct.log10Norm(squaredNorm: directSquares.sum)
        direct.keepInRange(squaredNorm: directSquares.sum)

        throughWeights = try unit.shortcut.pullBack(try unit.after.pullBack(throughWeights))
        let exponent = largestExponent(throughWeights, branch) ?? 0
        let coefficient = throughWeights.coefficient(relativeTo: exponent)
        let pulled = throughWeights.tensor
        // The kernel may then work in the memory of w.
        throughWeights = ScaledTensor(Tensor(zeros: Shape(1, 1)))
        let (tensor, squares) = Scalar.kernels.combineMeasured(
            consume pulled, coefficient, branch.tensor, branch.coefficient(relativeTo: exponent))
        throughWeights = ScaledTensor(tensor, exponent: exponent)
        throughWeightsLog10 = throughWeights.log10Norm(squaredNorm: squares)
        throughWeights.keepInRange(squaredNorm: squares)
    }
}
