import Kernels
import Limits
import NumericalMethods
import ResidualNetworks
import Tensors

/// Peak memory of a training run, predicted from its design alone, in no time and no memory to speak of.
public struct TrainingMemory: Sendable {
    /// Bytes.
    public let total: Int
    /// Whether every second x_l will be recomputed in the backward pass rather than kept.
    public let recomputesRows: Bool
    private let scalar: any KernelScalar.Type

    /// - Parameters:
    ///   - batch: images in a step, over all replicas.
    ///   - recomputesRows: `nil` to decide as `TrainingStep` does.
    public init<Scalar: KernelScalar>(
        _ design: NetworkDesign, batch: Int, replicas: Int = 1, recomputesRows: Bool? = nil,
        in precision: Scalar.Type
    ) throws {
        self.scalar = Scalar.self
        let input = design.input.with(batch: max(1, batch / max(1, replicas)))
        let outline = DesignOutline(of: design)
        let stride = Double(MemoryLayout<Scalar>.stride)
        let totals = try outline.extrapolated { design in
            let plans = try [false, true].map {
                try TrainingPlan(design, batch: input.batch, recomputesRows: $0)
            }
            return [plans[0].model.parameters.reduce(0) { $0 + Double($1.count) }]
                + plans.map(\.evaluation.keptElements)
        }
        let (parameters, all, fewer) = (totals[0], totals[1], totals[2])
        self.recomputesRows = recomputesRows ?? (all * stride > TrainingPlan.comfortableBytes)
        let kept = self.recomputesRows ? fewer : all
        // Values, velocities and gradients of the parameters.
        total = try Self.bytes(
            design, held: 3 * parameters + kept, replica: input.batch, batch: batch, in: precision)
    }

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
            .rowShapes.map(\.count).max() ?? 0
        // The images, once as a batch and once as a replica's.
        let elements = held + workingMaps * Double(largest) + 2 * Double(batch) * Double(design.input.count)
        return Int(
            saturating: elements * Double(MemoryLayout<Scalar>.stride)
                + bookkeeping * Double(design.unitCount) + Double(runtime))
    }

    /// - Throws: `TrainingError.doesNotFit` where the process cannot have that much.
    public func requireToFit() throws {
        if let available = Self.shortage(for: total, in: scalar) {
            throw TrainingError.doesNotFit(needed: total, available: available)
        }
    }

    /// What the process can have where so many bytes are more than that; `nil` where they fit.
    public static func shortage(for bytes: Int, in precision: any KernelScalar.Type) -> MemoryAllowance? {
        let threads = ComputeThreads.count
        let available = ProcessLimits.current.memory(
            threads: threads, reserving: precision.reservedAddresses(threads: threads))
        guard let available else { return nil }
        let free = TensorMemory.current.bytesFree(countingAddresses: available.countsAddresses)
        return bytes - free > available.bytes ? available : nil
    }

    /// Maps of the largest size alive at once in the backward pass beside what is kept: the gradient at y_l and the one
    /// that comes out, with the x_{l+1} of the normalisation that it has still to pass; x_l made again; and, together, the
    /// branch's cotangents and the pieces of every thread.
    private static let workingMaps = 5.0
    /// Maps, derivatives and compiled convolutions of one unit, in bytes.
    private static let bookkeeping = 16_384.0
    /// The program and its libraries, in bytes.
    private static let runtime = 60 << 20
}
