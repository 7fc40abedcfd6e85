import Graphs
import Kernels
import Limits
import NumericalMethods
import ResidualNetworks

/// Peak memory of a measurement, predicted before it starts.
public struct MemoryPrediction: Sendable {
    /// Bytes.
    public let total: Int
    /// What is recomputed in the sweeps, so that they fit.
    public let checkpointing: Checkpointing
    /// Bytes of it that are in use already: the weights of a network that is there.
    private let held: Int
    private let scalar: any KernelScalar.Type

    /// Of a model that is already there.
    public init<Scalar: KernelScalar>(
        _ subject: any MeasuredSubject<Scalar>, _ plan: EvaluationPlan, _ checkpointing: Checkpointing,
        probes: Int, measuring measurements: [MeasurementRequest] = []
    ) {
        let footprint = NetworkFootprint(
            subject, plan, checkpointing, toParameters: measurements.contains(.parameterGradients))
        self.init(
            footprint, checkpointing, probes: probes, measuring: measurements,
            held: Int(saturating: footprint.parameters * Double(MemoryLayout<Scalar>.stride)),
            in: Scalar.self)
    }

    /// Of a design alone, in no time and no memory to speak of, so that what will not fit is refused before any
    /// of it is made.
    public init<Scalar: KernelScalar>(
        _ design: NetworkDesign, batch: Int, mode: AnalysisOptions.Mode = .training,
        probes: AnalysisOptions.Probes, measuring measurements: [MeasurementRequest] = [],
        in precision: Scalar.Type
    ) throws {
        self = try Checkpointing.first(
            of: Self.forms,
            making: { checkpointing in
                let footprint = try NetworkFootprint(
                    design, batch: batch, mode: mode == .training ? .training : .inference,
                    keeping: Scalar.self == Double.self ? probes : nil, checkpointing,
                    toParameters: measurements.contains(.parameterGradients))
                return MemoryPrediction(
                    footprint, checkpointing, probes: footprint.probedUnits(probes), measuring: measurements,
                    held: 0, in: precision)
            }, where: \.fits)
    }

    /// The forms of checkpointing that are tried in turn. Nothing is gained by keeping every row.
    static let forms: [Checkpointing] = [.alternateRows, .units, .segments]

    private init<Scalar: KernelScalar>(
        _ footprint: NetworkFootprint, _ checkpointing: Checkpointing, probes: Int,
        measuring measurements: [MeasurementRequest], held: Int, in precision: Scalar.Type
    ) {
        total = Self.bytes(
            footprint, probes: Double(probes), measuring: measurements, scalar: MemoryLayout<Scalar>.stride)
        self.checkpointing = checkpointing
        self.held = held
        scalar = Scalar.self
    }

    var fits: Bool { shortage == nil }
    private var shortage: MemoryAllowance? { .shortage(for: total - held, in: scalar) }

    /// - Throws: `AnalysisError.doesNotFit` where the process cannot have that much.
    public func requireToFit() throws {
        if let shortage { throw AnalysisError.doesNotFit(needed: total, available: shortage) }
    }

    /// What derivatives read, the parameters, the working set of a sweep, and what is not tensors. The pass to the
    /// parameters is over when the sweeps begin.
    private static func bytes(
        _ footprint: NetworkFootprint, probes: Double, measuring measurements: [MeasurementRequest],
        scalar: Int
    ) -> Int {
        let measured = measurements.reduce(0) { $0 + $1.workingTensors(units: footprint.units) }
        let sweeps = footprint.kept + (workingTensors + 3 * probes + measured) * footprint.largestTensor
        let toParameters = footprint.keptForParameters + workingTensors * footprint.largestTensor
        let elements = max(sweeps, toParameters) + footprint.parameters
        return Int(
            saturating: elements * Double(scalar) + bookkeeping * Double(footprint.units) + Double(runtime))
    }

    /// Tensors of the largest size alive in a sweep: g, d, w within the network and the stage, the branch's
    /// pull-back, and what the kernels hold.
    private static let workingTensors = 15.0
    /// Nodes, points and rows of one unit, in bytes: 2 to 5 KiB were measured on stacks of 200,000 units.
    private static let bookkeeping = 4096.0
    /// The program, its libraries and their compiled kernels, in bytes.
    private static let runtime = 60 << 20
}
