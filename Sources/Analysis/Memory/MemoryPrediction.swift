import Graphs
import Kernels
import Limits
import NumericalMethods
import ResidualNetworks
import Tensors

/// Peak memory of a measurement, predicted before it starts.
public struct MemoryPrediction: Sendable {
    /// Bytes.
    public let total: Int
    /// Bytes of it that are in use already: the weights of a network that is there.
    private let held: Int
    private let scalar: any KernelScalar.Type

    /// Of a network that is already there.
    public init<Scalar: KernelScalar>(
        _ model: NetworkModel, _ plan: EvaluationPlan, probes: Int,
        measuring measurements: [MeasurementRequest] = [], in precision: Scalar.Type
    ) {
        let footprint = NetworkFootprint(model, plan)
        total = Self.bytes(
            footprint, probes: Double(probes), measuring: measurements, scalar: MemoryLayout<Scalar>.stride)
        self.scalar = Scalar.self
        held = Int(saturating: footprint.parameters * Double(MemoryLayout<Scalar>.stride))
    }

    /// Of a design alone, in no time and no memory to speak of, so that what will not fit is refused before any
    /// of it is made.
    public init<Scalar: KernelScalar>(
        _ design: NetworkDesign, batch: Int, mode: AnalysisOptions.Mode = .training,
        probes: AnalysisOptions.Probes, measuring measurements: [MeasurementRequest] = [],
        in precision: Scalar.Type
    ) throws {
        let footprint = try NetworkFootprint(
            design, batch: batch, mode: mode == .training ? .training : .inference,
            keeping: Scalar.self == Double.self ? probes : nil)
        total = Self.bytes(
            footprint, probes: Double(footprint.probedUnits(probes)), measuring: measurements,
            scalar: MemoryLayout<Scalar>.stride)
        self.scalar = Scalar.self
        held = 0
    }

    /// - Throws: `AnalysisError.doesNotFit` where the process cannot have that much.
    public func requireToFit() throws {
        if let available = ProcessLimits.current.memory(
            threads: ComputeThreads.count, reserving: scalar.reservedAddresses(threads: ComputeThreads.count)),
            total - held - TensorMemory.current.bytesFree(countingAddresses: available.countsAddresses)
                > available.bytes
        {
            throw AnalysisError.doesNotFit(needed: total, available: available)
        }
    }

    /// What derivatives read, the parameters, the working set of a sweep, and what is not tensors.
    private static func bytes(
        _ footprint: NetworkFootprint, probes: Double, measuring measurements: [MeasurementRequest],
        scalar: Int
    ) -> Int {
        let measured = measurements.reduce(0) { $0 + $1.workingTensors(units: footprint.units) }
        let elements =
            footprint.kept + footprint.parameters
            + (workingTensors + 3 * probes + measured) * footprint.largestRow
        return Int(
            saturating: elements * Double(scalar) + bookkeeping * Double(footprint.units) + Double(runtime))
    }

    /// Tensors of the largest size alive in a sweep: g, d, w within the network and the stage, the branch's
    /// pull-back, and what the kernels hold.
    private static let workingTensors = 16.0
    /// Nodes, points and rows of one unit, in bytes: 2 to 5 KiB were measured on stacks of 200,000 units.
    private static let bookkeeping = 4096.0
    /// The program, its libraries and their compiled kernels, in bytes.
    private static let runtime = 60 << 20
}
