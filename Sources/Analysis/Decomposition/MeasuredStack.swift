import Kernels
import ResidualNetworks
import Tensors

/// A small network measured on a batch with everything kept, for what is said of the vectors themselves and not
/// only of their norms.
public struct MeasuredStack<Scalar: KernelScalar>: Sendable {
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
        self.top = top.plain
        units = try (0..<forward.unitCount).map { try forward.derivatives(of: $0) }
        backward = try BackwardTrace(forward, from: top, stages: stages.stageOfRow, keeping: all)
    }

    /// g_l, d_l and w_l.
    public func paths(at l: Int) -> PathDecomposition<Scalar>? { backward.kept[l] }
}
