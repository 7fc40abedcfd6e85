import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// ∂E/∂x_l split into the part that the shortcuts carry and the part that passed through weights (Eqn. 5, 8).
///
///     total            g_l = (H_l + J_l)ᵀ D_lᵀ g_{l+1}
///     direct           d_l = H_lᵀ D_lᵀ d_{l+1},                           d_L = g_L
///     through weights  w_l = H_lᵀ D_lᵀ w_{l+1} + J_lᵀ D_lᵀ g_{l+1},       w_L = 0
///
/// The invariant g = d + w holds by linearity for any H, J, D used alike in the three recursions; it tests
/// arithmetic. That H, J and D are right is for `ProbeSweep` to prove. The branch is pulled back once a unit.
public struct PathDecomposition<Scalar: KernelScalar>: Sendable {
    public private(set) var total: ScaledTensor<Scalar>
    public private(set) var direct: ScaledTensor<Scalar>
    public private(set) var throughWeights: ScaledTensor<Scalar>
    public private(set) var norms: PathNorms

    /// The decomposition at x_L, or restarted at any x_e with the total that stands there.
    public init(startingAt total: ScaledTensor<Scalar>) {
        self.total = total
        direct = total
        throughWeights = total.scaled(by: 0)
        norms = PathNorms(start: .notMeasured)
        norms = PathNorms(start: self.total.keepInRange())
        direct = self.total
    }

    /// One unit down: from x_{l+1} to x_l. Returns J_lᵀD_lᵀg_{l+1}.
    @discardableResult
    public mutating func pullBack(through unit: UnitDerivatives<Scalar>) throws -> ScaledTensor<Scalar> {
        let branch: ScaledTensor<Scalar>
        (branch, total) = try pullTotal(through: unit)
        direct = try unit.shortcut.pullBack(try unit.after.pullBack(direct))
        throughWeights = try unit.shortcut.pullBack(try unit.after.pullBack(throughWeights))
        add(branch)
        return branch
    }

    /// JᵀDᵀg and HᵀDᵀg.
    private func pullTotal(
        through unit: UnitDerivatives<Scalar>
    ) throws -> (branch: ScaledTensor<Scalar>, shortcut: ScaledTensor<Scalar>) {
        let cotangentOfY = try unit.after.pullBack(total)
        return (try unit.branch.pullBack(cotangentOfY), try unit.shortcut.pullBack(cotangentOfY))
    }

    /// Adds the branch's part to the pulled-back g and w and measures the three.
    private mutating func add(_ branch: ScaledTensor<Scalar>) {
        var branch = branch
        ScaledTensor.keepInRange(&total, &branch)
        ScaledTensor.keepInRange(&throughWeights, &branch)
        let totalExponent = total.commonExponent(with: branch)
        let throughExponent = throughWeights.commonExponent(with: branch)
        let common = max(
            totalExponent, throughExponent, direct.isScaledToZero ? totalExponent : direct.exponent)
        let residual = (
            total: scalbn(1.0, max(-4000, totalExponent - common)),
            direct: direct.coefficient(relativeTo: common),
            throughWeights: scalbn(1.0, max(-4000, throughExponent - common))
        )
        let step = DecompositionStep(
            total: total.tensor, totalCoefficient: total.coefficient(relativeTo: totalExponent),
            throughWeights: throughWeights.tensor,
            throughWeightsCoefficient: throughWeights.coefficient(relativeTo: throughExponent),
            branch: branch.tensor, branchInTotal: branch.coefficient(relativeTo: totalExponent),
            branchInThroughWeights: branch.coefficient(relativeTo: throughExponent),
            direct: direct.tensor, residual: residual)
        // The kernel may then work in the memory of g and w.
        let nothing = ScaledTensor(Tensor<Scalar>(zeros: Shape(1, 1)))
        (total, throughWeights) = (nothing, nothing)
        let result = Scalar.kernels.decompose(consume step)
        total = ScaledTensor(result.total, exponent: totalExponent)
        throughWeights = ScaledTensor(result.throughWeights, exponent: throughExponent)
        measure(result.sums, residualCoefficients: residual)
    }

    private mutating func measure(
        _ sums: DecompositionSums,
        residualCoefficients: (total: Double, direct: Double, throughWeights: Double)
    ) {
        let sign = direct.factor < 0 ? -1.0 : 1
        norms.gradient = total.keepInRange(squaredNorm: sums.total).norm
        norms.throughWeights = throughWeights.keepInRange(squaredNorm: sums.throughWeights).norm
        norms.direct = direct.keepInRange(squaredNorm: sums.direct).norm
        let found = [
            (sums.total, norms.gradient), (sums.direct, norms.direct),
            (sums.throughWeights, norms.throughWeights),
        ]
        // A sum may be 0 because every square underflowed; the norm, taken at another scale, tells.
        let areReliable = found.allSatisfy { sum, norm in
            sum.isFinite && (sum >= Scalar.leastReliableSquares || norm == .zero)
        }
        guard areReliable else { return measureAtOneScale() }
        norms.setRelations(sums, sign: sign, residualCoefficients: residualCoefficients)
    }

    /// The relations of the three from tensors that are in range, where squares of the step's own left theirs.
    private mutating func measureAtOneScale() {
        let kernels = Scalar.kernels
        var sums = DecompositionSums()
        sums.total = kernels.sumOfSquares(total.tensor)
        sums.direct = kernels.sumOfSquares(direct.tensor)
        sums.throughWeights = kernels.sumOfSquares(throughWeights.tensor)
        sums.directTimesThroughWeights = kernels.dot(direct.tensor, throughWeights.tensor)
        let common =
            [total, direct, throughWeights].filter { !$0.isScaledToZero }.map(\.exponent).max() ?? 0
        let residual = (
            total: total.coefficient(relativeTo: common), direct: direct.coefficient(relativeTo: common),
            throughWeights: throughWeights.coefficient(relativeTo: common)
        )
        let difference = kernels.combine(
            kernels.combine(total.tensor, residual.total, direct.tensor, -residual.direct), 1,
            throughWeights.tensor, -residual.throughWeights)
        sums.residual = kernels.sumOfSquares(difference)
        let sign = direct.factor * throughWeights.factor < 0 ? -1.0 : 1
        norms.setRelations(sums, sign: sign, residualCoefficients: residual)
    }
}
