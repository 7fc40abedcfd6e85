import Analysis
import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// What any program must do to know ‖g_l‖ at every unit: pull one cotangent back and take its norm in the pass
/// that adds the two paths. What `BackwardTrace` costs beyond this is the price of the decomposition.
struct PlainBackwardSweep<Scalar: KernelScalar> {
    /// log10 ‖g_l‖ for l = L − 1 … 0; `nil` for a norm of 0.
    private(set) var gradientLog10: [Double?] = []
    private var cotangent: ScaledTensor<Scalar>

    init(through forward: ForwardTrace<Scalar>, from topCotangent: ScaledTensor<Scalar>) throws {
        cotangent = topCotangent
        for unit in (0..<forward.unitCount).reversed() {
            try pullBack(through: forward.derivatives(of: unit))
        }
    }

    private mutating func pullBack(through unit: UnitDerivatives<Scalar>) throws {
        let ofY = try unit.after.pullBack(cotangent)
        let branch = try unit.branch.pullBack(ofY)
        try add(try unit.shortcut.pullBack(consume ofY), branch)
    }

    private mutating func add(
        _ carried: consuming ScaledTensor<Scalar>, _ branch: ScaledTensor<Scalar>
    ) throws {
        // Lets go of the old cotangent, so that the kernel may work in its memory.
        cotangent = branch
        let exponent = carried.isScaledToZero ? branch.exponent : max(carried.exponent, branch.exponent)
        let coefficient = carried.coefficient(relativeTo: exponent)
        let tensor = carried.tensor
        _ = consume carried
        let (sum, squaredNorm) = Scalar.kernels.combineMeasured(
            tensor, coefficient, branch.tensor, branch.coefficient(relativeTo: exponent))
        cotangent = ScaledTensor(sum, exponent: exponent)
        gradientLog10.append(cotangent.log10Norm(squaredNorm: squaredNorm).value)
        keepInRange(squaredNorm: squaredNorm)
    }

    /// Moves a power of two from the elements into the exponent now and then: gradients of a thousand layers
    /// leave the range of Float, and numbers near its end would make the kernels slow.
    private mutating func keepInRange(squaredNorm: Double) {
        let binaryOrder = Int(squaredNorm.exponent) / 2
        guard squaredNorm > 0, squaredNorm.isFinite, abs(binaryOrder) > 40 else { return }
        cotangent = ScaledTensor(
            Scalar.kernels.scale(cotangent.tensor, by: scalbn(1, -binaryOrder)),
            factor: cotangent.factor, exponent: cotangent.exponent + binaryOrder)
    }
}
