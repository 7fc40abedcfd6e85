import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// The proof of the decomposition by forward-mode tangents, a code path of its own.
///
/// For a vector v at x_l, ⟨d_l, v⟩ = ⟨g_L, ∏ D_i H_i v⟩ and ⟨g_l, v⟩ = ⟨g_L, ∏ D_i (H_i + J_i) v⟩. v is a
/// random direction plus the direction under test, so that the inner product does not cancel at x_l; how far it
/// cancels above is its condition number. In Double a central difference of the loss ties ⟨g_l, v⟩ to the forward
/// pass itself.
public struct ProbeSweep<Scalar: KernelScalar>: Sendable {
    private let network: Network<Scalar>
    private let forward: ForwardTrace<Scalar>
    private let backward: BackwardTrace<Scalar>
    private let topCotangent: Tensor<Scalar>
    private let seed: UInt64

    public init(
        network: Network<Scalar>, forward: ForwardTrace<Scalar>, backward: BackwardTrace<Scalar>,
        topCotangent: Tensor<Scalar>, seed: UInt64
    ) {
        self.network = network
        self.forward = forward
        self.backward = backward
        self.topCotangent = topCotangent
        self.seed = seed
    }

    /// The probe at x_l of the decomposition found there; `nil` where that was not kept.
    public func measure(
        unit: Int, lossDifference: LossDifference<Scalar>? = nil, progress: () -> Void = {}
    ) throws -> ProbeMeasurement? {
        guard let paths = backward.kept[unit] else { return nil }
        let noise = paths.total.tensor.randomDirection(seed: seed, name: "probe.\(unit)")
        var result = ProbeMeasurement(unit: unit)
        if paths.norms.directLog10 != nil {
            let v = sum(noise, directionOf(paths.direct.tensor))
            let pushed = try push(v, from: unit, against: \.directLog10) { derivatives, tangent in
                try derivatives.pushForwardDirect(tangent)
            }
            let (below, above) = (inner(paths.direct, v), innerWithTop(pushed.tangent))
            result.probeErrorDirect = relativeDifference(below, above)
            result.probeConditionDirect = condition(below, above, termLog10: pushed.termLog10)
        }
        if paths.norms.gradientLog10 != nil {
            let v = sum(noise, directionOf(paths.total.tensor))
            let pushed = try push(v, from: unit, against: \.gradientLog10) { derivatives, tangent in
                defer { progress() }
                return try derivatives.pushForward(tangent)
            }
            let (slope, above) = (inner(paths.total, v), innerWithTop(pushed.tangent))
            result.probeErrorTotal = relativeDifference(slope, above)
            result.probeConditionTotal = condition(slope, above, termLog10: pushed.termLog10)
            switch try lossDifference?.finding(
                unit: unit, direction: v, gradient: paths.total, gradientLog10: paths.norms.gradientLog10)
            {
            case .error(let error): result.probeErrorLoss = error
            case .kink(let bend): result.probeKinkLoss = bend
            case nil: break
            }
        }
        return result
    }

    /// v pushed to x_L, and the log10 of the largest ‖c_i‖·‖v_i‖ on the way, given log10 ‖c_i‖.
    private func push(
        _ v: Tensor<Scalar>, from unit: Int, against cotangentLog10: KeyPath<PathNorms, Double?>,
        _ step: (UnitDerivatives<Scalar>, ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) throws -> (tangent: ScaledTensor<Scalar>, termLog10: Double?) {
        var tangent = ScaledTensor(v)
        var squares = Scalar.kernels.sumOfSquares(v)
        func termLog10(at index: Int) -> Double? {
            guard let cotangent = backward.rows[index].norms[keyPath: cotangentLog10],
                let size = tangent.log10Norm(squaredNorm: squares)
            else { return nil }
            return cotangent + size
        }
        var terms = [termLog10(at: unit)]
        for index in unit..<forward.unitCount {
            let derivatives = try forward.derivatives(of: index)
            let before = tangent.tensor.identity
            tangent = try step(derivatives, tangent)
            if tangent.tensor.identity != before {
                squares = tangent.keepInRange(squaredNorm: Scalar.kernels.sumOfSquares(tangent.tensor))
            }
            terms.append(termLog10(at: index + 1))
        }
        return (tangent, terms.compactMap { $0 }.max())
    }

    /// The largest term relative to the larger side.
    private func condition(_ below: ScaledNumber, _ above: ScaledNumber, termLog10: Double?) -> Double? {
        guard let termLog10, let larger = [below, above].compactMap(\.log10Magnitude).max() else {
            return nil
        }
        return pow(10, termLog10 - larger)
    }

    private func directionOf(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.scale(tensor, by: 1 / Scalar.kernels.sumOfSquares(tensor).squareRoot())
    }

    private func sum(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.combine(a, 1, b, 1)
    }

    private func inner(_ cotangent: ScaledTensor<Scalar>, _ v: Tensor<Scalar>) -> ScaledNumber {
        cotangent.inner(with: v)
    }

    private func innerWithTop(_ tangent: ScaledTensor<Scalar>) -> ScaledNumber {
        ScaledNumber(
            Scalar.kernels.dot(topCotangent, tangent.tensor) * tangent.factor, exponent: tangent.exponent)
    }
}
