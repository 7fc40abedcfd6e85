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
        let squaredNorm = Scalar.kernels.sumOfSquares(total.tensor)
        norms = PathNorms(start: total.log10Norm(squaredNorm: squaredNorm))
    }

    /// One unit down: from x_{l+1} to x_l. Returns J_lᵀD_lᵀg_{l+1}.
    @discardableResult
    public mutating func pullBack(through unit: UnitDerivatives<Scalar>) throws -> ScaledTensor<Scalar> {
        let branch: ScaledTensor<Scalar>
        (branch, total) = try pullTotal(through: unit)
        direct = try unit.shortcut.pullBack(try unit.after.pullBack(direct))
        throughWeights = try unit.shortcut.pullBack(try unit.after.pullBack(throughWeights))
        // What is exactly 0 has no size, whatever scale it carries.
        if norms.directLog10 == nil { direct = direct.scaled(by: 0) }
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
        let common = largestExponent(total, direct, throughWeights, branch) ?? 0
        let totalExponent = largestExponent(total, branch) ?? common
        let throughExponent = largestExponent(throughWeights, branch) ?? common
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
        norms = PathNorms(self, sums: result.sums, residualCoefficients: residual)
        total.keepInRange(squaredNorm: result.sums.total)
        throughWeights.keepInRange(squaredNorm: result.sums.throughWeights)
        direct.keepInRange(squaredNorm: result.sums.direct)
    }
}

/// The largest exponent among tensors that are not scaled to zero; `nil` if all are.
func largestExponent<Scalar>(_ tensors: ScaledTensor<Scalar>...) -> Int? {
    tensors.filter { !$0.isScaledToZero }.map(\.exponent).max()
}

extension ScaledTensor where Scalar: KernelScalar {
    /// Moves a power of two from the elements into the exponent before they get near the end of their range; returns
    /// Σ tensor² after that.
    @discardableResult
    mutating func keepInRange(squaredNorm: Double) -> Double {
        guard squaredNorm > 0, squaredNorm.isFinite else { return squaredNorm }
        let binaryOrder = Int(squaredNorm.exponent) / 2
        guard abs(binaryOrder) > 40 else { return squaredNorm }
        self = ScaledTensor(
            Scalar.kernels.scale(tensor, by: scalbn(1.0, -binaryOrder)), factor: factor,
            exponent: exponent + binaryOrder)
        return scalbn(squaredNorm, -2 * binaryOrder)
    }
}
