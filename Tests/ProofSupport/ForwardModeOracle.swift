import Analysis
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

extension MeasuredStack {
    /// A random stack; `nil` where the forward pass is not finite.
    public init?(_ stack: StackCase, in precision: Scalar.Type = Scalar.self) throws {
        try self.init(stack.network(), on: stack.labelledBatch(), masks: SeededMasks(seed: stack.seed))
    }
}

/// ⟨cotangent at x_l, v⟩ against ⟨g_L, pushed v⟩ by plain arithmetic, without the analysis' own probes.
///
/// The error is relative to the largest term: an inner product may be small only because its terms cancel, and
/// their rounding is that of ‖g_L‖·‖pushed v‖; and either vector may be small only because a batch normalisation
/// took its two directions out of a much larger one (`RoundingScale`).
///
/// - Parameter size: of the terms whose rounding reaches the cotangent.
public func forwardModeError<Scalar: KernelScalar>(
    of cotangent: ScaledTensor<Scalar>, size: Double, at l: Int, in stack: MeasuredStack<Scalar>,
    seed: UInt64, push: (Int, Tensor<Scalar>) throws -> Tensor<Scalar>
) throws -> Double {
    let c = cotangent.plain
    let noise: Tensor<Scalar> = randomTensor(c.shape, seed: seed, name: "direction.\(l)")
    guard norm(c) > 0 else { return 0 }
    let v = combination(1, noise, norm(noise) / norm(c), c)
    let (pushed, pushedSize) = try RoundingScale(seed: seed).through(l..<stack.unitCount, v, push)
    let (below, above) = (inner(c, v), inner(stack.top, pushed))
    let largest = max(size * norm(v), norm(stack.top) * pushedSize)
    return abs(below - above) / largest
}
