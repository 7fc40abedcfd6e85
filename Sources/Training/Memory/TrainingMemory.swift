import Graphs
import Kernels
import Limits
import NumericalMethods
import ResidualNetworks
import Tensors

/// Peak memory of a training run, predicted from its design alone, in no time and no memory to speak of.
public struct TrainingMemory: Sendable {
    /// Bytes.
    public let total: Int
    /// What is recomputed in the backward pass, so that the steps fit and keep little beside what they need.
    public let checkpointing: Checkpointing
    private let scalar: any KernelScalar.Type

    /// - Parameters:
    ///   - batch: images in a step, over all replicas.
    ///   - checkpointing: `nil` for the first that fits; but where keeping everything would take more than 4 GiB, not that:
    ///     in a bottleneck network with four times as wide x_l, every second x_l is a third of what is kept, and recomputing
    ///     it costs one of three convolutions of every second unit, counted in multiply-adds 4 % of a step.
    public init<Scalar: KernelScalar>(
        _ design: NetworkDesign, batch: Int, replicas: Int = 1, checkpointing: Checkpointing? = nil,
        in precision: Scalar.Type
    ) throws {
        self = try Checkpointing.first(
            of: checkpointing.map { [$0] } ?? Checkpointing.allCases,
            making: {
                try TrainingMemory(design, batch: batch, replicas: replicas, with: $0, in: precision)
            },
            where: {
                ($0.checkpointing != .none || $0.kept <= Self.comfortableBytes) && $0.shortage == nil
            })
    }

    private init<Scalar: KernelScalar>(
        _ design: NetworkDesign, batch: Int, replicas: Int, with checkpointing: Checkpointing,
        in precision: Scalar.Type
    ) throws {
        self.scalar = Scalar.self
        self.checkpointing = checkpointing
        let input = design.input.with(batch: max(1, batch / max(1, replicas)))
        let held = try DesignOutline(of: design).heldElements(checkpointing) {
            let plan = try TrainingPlan($0, batch: input.batch, $1)
            return (plan.model, plan.evaluation, 0)
        }
        kept = held.kept * Double(MemoryLayout<Scalar>.stride)
        // Values, velocities and gradients of the parameters.
        total = try Self.bytes(
            design, held: 3 * Double(try ParameterCount(of: design).elements) + held.total,
            replica: input.batch, batch: batch, in: precision)
    }

    /// What a pass keeps for its derivatives, in bytes.
    private let kept: Double
    /// More than this and a step recomputes what costs little.
    private static let comfortableBytes = 4.0 * 1024 * 1024 * 1024

    /// Peak memory of evaluating a network with weights from a file, in bytes: parameters once as they are read and once
    /// as they are computed with, a branch's maps, and the images.
    ///
    /// - Parameter batch: images at once.
    public static func ofEvaluation<Scalar: KernelScalar>(
        _ design: NetworkDesign, batch: Int, in precision: Scalar.Type
    ) throws -> Int {
        try bytes(
            design, held: 2 * Double(try ParameterCount(of: design).elements), replica: max(1, batch),
            batch: batch, in: precision)
    }

    /// - Parameters:
    ///   - held: elements beside a replica's maps in work and the images.
    ///   - replica: images whose maps are in work at once.
    private static func bytes<Scalar: KernelScalar>(
        _ design: NetworkDesign, held: Double, replica: Int, batch: Int, in precision: Scalar.Type
    ) throws -> Int {
        let largest =
            try DesignOutline(of: design).outline.model(batch: replica, mode: .inference)
            .model.rowShapes.map(\.count).max() ?? 0
        // The images, once as a batch and once as a replica's.
        let elements = held + workingMaps * Double(largest) + 2 * Double(batch) * Double(design.input.count)
        return Int(
            saturating: elements * Double(MemoryLayout<Scalar>.stride)
                + bookkeeping * Double(design.unitCount) + Double(runtime))
    }

    /// - Throws: `TrainingError.doesNotFit` where the process cannot have that much.
    public func requireToFit() throws {
        if let shortage { throw TrainingError.doesNotFit(needed: total, available: shortage) }
    }

    private var shortage: MemoryAllowance? { .shortage(for: total, in: scalar) }

    /// Maps of the largest size alive at once in the backward pass beside what is kept or recomputed: the gradient at y_l and
    /// the one that comes out, with the x_{l+1} of the normalisation that it has still to pass; and, together, the branch's
    /// cotangents and the pieces of every thread.
    private static let workingMaps = 4.0
    /// Maps, derivatives and compiled convolutions of one unit, in bytes.
    private static let bookkeeping = 16_384.0
    /// The program and its libraries, in bytes.
    private static let runtime = 60 << 20
}
