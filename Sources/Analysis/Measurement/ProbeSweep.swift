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
        let noise = randomDirection(like: paths.total.tensor, unit: unit)
        var result = ProbeMeasurement(unit: unit)
        if paths.norms.directLog10 != nil {
            let v = sum(noise, directionOf(paths.direct.tensor))
            let pushed = try push(v, from: unit) { derivatives, tangent in
                try derivatives.after.pushForward(try derivatives.shortcut.pushForward(tangent))
            }
            result.probeErrorDirect = relativeDifference(inner(paths.direct, v), innerWithTop(pushed))
        }
        if paths.norms.gradientLog10 != nil {
            let v = sum(noise, directionOf(paths.total.tensor))
            let pushed = try push(v, from: unit) { derivatives, tangent in
                defer { progress() }
                return try totalTangent(tangent, through: derivatives)
            }
            let slope = inner(paths.total, v)
            result.probeErrorTotal = relativeDifference(slope, innerWithTop(pushed))
            result.probeErrorLoss = try lossDifference?.error(
                unit: unit, direction: v, slope: slope, gradientLog10: paths.norms.gradientLog10)
        }
        return result
    }

    /// D (H + J) t.
    private func totalTangent(
        _ tangent: ScaledTensor<Scalar>, through unit: UnitDerivatives<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (a, b) = (try unit.shortcut.pushForward(tangent), try unit.branch.pushForward(tangent))
        let exponent = largestExponent(a, b) ?? 0
        let (tensor, squares) = Scalar.kernels.combineMeasured(
            a.tensor, a.coefficient(relativeTo: exponent), b.tensor, b.coefficient(relativeTo: exponent))
        var result = ScaledTensor(tensor, exponent: exponent)
        result.keepInRange(squaredNorm: squares)
        return try unit.after.pushForward(result)
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

    private func randomDirection(like tensor: Tensor<Scalar>, unit: Int) -> Tensor<Scalar> {
        var stream = RandomStream(seed: seed, name: "probe.\(unit)")
        // Any order of independent numbers will do, but padding channels must stay 0.
        let block = tensor.isPadded ? 1 : tensor.block
        var noise = Tensor<Scalar>(uninitialized: tensor.shape, block: block)
        noise.withUnsafeMutableBufferPointer {
            stream.fillNormals($0, standardDeviation: 1 / Double(tensor.shape.count).squareRoot())
        }
        return noise.reblocked(to: tensor.block)
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
