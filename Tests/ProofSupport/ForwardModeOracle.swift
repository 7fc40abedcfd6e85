import Analysis
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// A network measured on a batch with everything kept: what the property tests compare.
public struct MeasuredStack<Scalar: KernelScalar> {
    public let network: Network<Scalar>
    /// H_l, J_l, D_l of every unit.
    public let units: [UnitDerivatives<Scalar>]
    public let forward: ForwardTrace<Scalar>
    public let backward: BackwardTrace<Scalar>
    public let top: Tensor<Scalar>

    /// `nil` where the forward pass is not finite.
    public init?(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>, masks: any MaskSource,
        mode: ForwardPass.Mode = .training
    ) throws {
        let all = Set(0...network.units.count)
        let forward = try ForwardTrace(
            network, batch: batch, pass: ForwardPass(mode: mode, masks: masks), keepingInputs: all)
        guard let top = forward.topCotangent else { return nil }
        let stages = StagePartition(shapes: network.rowShapes(for: batch.input.shape))
        self.network = network
        self.forward = forward
        self.top = top
        units = try (0..<forward.unitCount).map { try forward.derivatives(of: $0) }
        backward = try BackwardTrace(forward, from: top, stages: stages.stageOfRow, keeping: all)
    }

    /// The same of a random stack.
    public init?(_ stack: StackCase, in precision: Scalar.Type = Scalar.self) throws {
        try self.init(stack.network(), on: stack.labelledBatch(), masks: SeededMasks(seed: stack.seed))
    }

    public func paths(at l: Int) -> PathDecomposition<Scalar>? { backward.kept[l] }
}

/// ⟨cotangent at x_l, v⟩ against ⟨g_L, pushed v⟩ by plain arithmetic, without the analysis' own probes.
///
/// The error is relative to the largest term: an inner product may be small only because its terms cancel, and
/// their rounding is that of ‖g_L‖·‖pushed v‖; and either vector may be small only because a batch normalisation
/// took its two directions out of a much larger one (`RoundingScale`).
///
/// - Parameter size: of the terms whose rounding reaches the cotangent.
public func forwardModeError<Scalar: KernelScalar>(
    of cotangent: ScaledTensor<Scalar>, size: Double, at l: Int, in stack: MeasuredStack<Scalar>, seed: UInt64,
    push: (UnitDerivatives<Scalar>, Tensor<Scalar>) throws -> Tensor<Scalar>
) throws -> Double {
    let c = cotangent.plain
    let noise: Tensor<Scalar> = randomTensor(c.shape, seed: seed, name: "direction.\(l)", block: c.block)
    guard norm(c) > 0 else { return 0 }
    let v = combination(1, noise, norm(noise) / norm(c), c)
    let (pushed, pushedSize) = try RoundingScale(seed: seed).through(stack.units[l...], v, push)
    let (below, above) = (inner(c, v), inner(stack.top, pushed))
    let largest = max(size * norm(v), norm(stack.top) * pushedSize)
    return abs(below - above) / largest
}

/// D H v.
public func pushDirect<Scalar: KernelScalar>(
    _ unit: UnitDerivatives<Scalar>, _ v: Tensor<Scalar>
) throws -> Tensor<Scalar> {
    try unit.after.jvp(try unit.shortcut.jvp(v))
}

/// D (H + J) v.
public func pushTotal<Scalar: KernelScalar>(
    _ unit: UnitDerivatives<Scalar>, _ v: Tensor<Scalar>
) throws -> Tensor<Scalar> {
    try unit.after.jvp(combination(1, try unit.shortcut.jvp(v), 1, try unit.branch.jvp(v)))
}
