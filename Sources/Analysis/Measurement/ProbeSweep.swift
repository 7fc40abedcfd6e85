import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// The proof of the decomposition by forward-mode tangents, a code path of its own.
///
/// For a vector v at x_l, ⟨d_l, v⟩ = ⟨g_L, ∏ D_i H_i v⟩ and ⟨g_l, v⟩ = ⟨g_L, ∏ D_i (H_i + J_i) v⟩. v is a
/// random direction plus the direction under test, so that the inner product does not cancel. In Double a
/// central difference of the loss ties ⟨g_l, v⟩ to the forward pass itself.
public struct ProbeSweep<Scalar: KernelScalar>: Sendable {
    private let network: Network<Scalar>
    private let forward: ForwardTrace<Scalar>
    private let topCotangent: Tensor<Scalar>
    private let seed: UInt64

    public init(
        network: Network<Scalar>, forward: ForwardTrace<Scalar>, topCotangent: Tensor<Scalar>, seed: UInt64
    ) {
        self.network = network
        self.forward = forward
        self.topCotangent = topCotangent
        self.seed = seed
    }

    /// The probe at x_l of the decomposition found there.
    public func measure(
        unit: Int, paths: PathDecomposition<Scalar>, lossDifference: LossDifference<Scalar>? = nil,
        progress: () -> Void = {}
    ) throws -> ProbeMeasurement {
        let noise = paths.total.tensor.randomDirection(seed: seed, name: "probe.\(unit)")
        var result = ProbeMeasurement(unit: unit)
        if paths.norms.directLog10 != nil {
            let v = sum(noise, directionOf(paths.direct.tensor))
            let pushed = try push(v, from: unit) { derivatives, tangent in
                try derivatives.pushForwardDirect(tangent)
            }
            result.probeErrorDirect = relativeDifference(inner(paths.direct, v), innerWithTop(pushed))
        }
        if paths.norms.gradientLog10 != nil {
            let v = sum(noise, directionOf(paths.total.tensor))
            let pushed = try push(v, from: unit) { derivatives, tangent in
                defer { progress() }
                return try derivatives.pushForward(tangent)
            }
            let slope = inner(paths.total, v)
            result.probeErrorTotal = relativeDifference(slope, innerWithTop(pushed))
            result.probeErrorLoss = try lossDifference?.error(
                unit: unit, direction: v, slope: slope, gradientLog10: paths.norms.gradientLog10)
        }
        return result
    }

    private func push(
        _ v: Tensor<Scalar>, from unit: Int,
        _ step: (UnitDerivatives<Scalar>, ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        var tangent = ScaledTensor(v)
        for index in unit..<forward.unitCount {
            let derivatives = try forward.derivatives(of: index)
            let before = tangent.tensor.identity
            tangent = try step(derivatives, tangent)
            if tangent.tensor.identity != before {
                tangent.keepInRange(squaredNorm: Scalar.kernels.sumOfSquares(tangent.tensor))
            }
        }
        return tangent
    }

    private func directionOf(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.scale(tensor, by: 1 / Scalar.kernels.sumOfSquares(tensor).squareRoot())
    }

    private func sum(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.combine(a, 1, b, 1)
    }

    private func inner(_ cotangent: ScaledTensor<Scalar>, _ v: Tensor<Scalar>) -> ScaledNumber {
        ScaledNumber(Scalar.kernels.dot(cotangent.tensor, v) * cotangent.factor, exponent: cotangent.exponent)
    }

    private func innerWithTop(_ tangent: ScaledTensor<Scalar>) -> ScaledNumber {
        ScaledNumber(
            Scalar.kernels.dot(topCotangent, tangent.tensor) * tangent.factor, exponent: tangent.exponent)
    }
}
