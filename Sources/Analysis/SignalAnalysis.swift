import Kernels
import ResidualNetworks
import Tensors

/// The whole measurement of a network on a batch: Configuration → Network → ForwardTrace → BackwardTrace →
/// PathDecomposition → AnalysisResult.
public struct SignalAnalysis<Scalar: KernelScalar>: Sendable {
    public let network: Network<Scalar>
    public let batch: LabelledBatch<Scalar>
    public let options: AnalysisOptions
    /// Source of dropout masks.
    public let masks: any MaskSource
    public let stages: StagePartition
    /// The l that probes start from.
    public let probedUnits: [Int]
    private let prediction: MemoryPrediction
    /// Predicted peak memory, in bytes.
    public var expectedMemory: Int { prediction.total }

    /// - Parameter masks: where dropout masks come from; drawn from `options.seed` by default.
    public init(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>, options: AnalysisOptions = .init(),
        masks: (any MaskSource)? = nil
    ) {
        self.network = network
        self.masks = masks ?? SeededMasks(seed: options.seed)
        self.batch = batch
        self.options = options
        stages = StagePartition(shapes: network.rowShapes(for: batch.input.shape))
        probedUnits = options.probes.start(in: stages, unitCount: network.units.count)
        prediction = MemoryPrediction(
            network, input: batch.input.shape, probes: probedUnits.count, measuring: options.measurements)
    }

    /// What each measurement beyond the sweeps will take.
    public var measurementCosts: [MeasurementCost] {
        let (subject, omitted) = (measurementSubject, Set(measurementOmissions.map(\.name)))
        return options.measurements.filter { !omitted.contains($0.name) }.map { $0.cost(of: subject) }
    }

    /// The measurements that do not apply to this network, each with the reason.
    public var measurementOmissions: [MeasurementResults.Omission] {
        let subject = measurementSubject
        return options.measurements.compactMap { request in
            request.obstacle(in: subject).map { .init(name: request.name, reason: $0.description) }
        }
    }

    private var measurementSubject: MeasurementSubject {
        MeasurementSubject(
            rows: network.rowShapes(for: batch.input.shape), scalarBytes: MemoryLayout<Scalar>.stride,
            parameters: network.parameterCount)
    }

    /// Units of work that `progress` will be called for.
    public var progressTotal: Int {
        let units = network.units.count
        let omitted = Set(measurementOmissions.map(\.name))
        let measured = options.measurements.reduce(0) { sum, request in
            switch request {
            case _ where omitted.contains(request.name): sum
            case .jacobian(let from, let to):
                sum + JacobianMeasurement(from: from, to: to).unitsPassed(of: units)
            case .lineCorrelation(let points):
                sum
                    + LineCorrelationMeasurement(points: points).unitsPassed(
                        of: units, batch: batch.input.shape.batch)
            default: sum
            }
        }
        return (options.mode == .inference ? 1 : 0) + 2 * units
            + probedUnits.reduce(measured) { $0 + units - $1 }
    }

    /// Measures everything.
    ///
    /// - Throws: `AnalysisError.doesNotFit` and `NetworkError.singleValueStatistics` before any work; a kernel's or the
    ///   network's error.
    public func run(progress: () -> Void = {}) throws -> AnalysisResult {
        try prediction.requireToFit()
        try network.scarcestNormalization(for: batch.input.shape)?.requireSeveralValues()
        let mode = try forwardMode(progress: progress)
        let lineCorrelation = try lineCorrelation(progress: progress)
        let isProof = Scalar.self == Double.self
        let forward = try ForwardTrace(
            network, batch: batch, pass: ForwardPass(mode: mode, masks: masks),
            keepingInputs: isProof ? Set(probedUnits) : [],
            measuringBranches: options.measurements.contains(.signalPropagation), progress: progress)
        var measurements = MeasurementRun(
            self, forward: forward, mode: mode, lineCorrelation: lineCorrelation)
        var backward: BackwardTrace<Scalar>?
        var probes: [ProbeMeasurement] = []
        if let top = forward.topCotangent, let loss = forward.loss {
            let trace = try BackwardTrace(
                forward, from: top, stages: stages.stageOfRow, keeping: Set(probedUnits), progress: progress
            ) { try measurements?.visit($0) }
            backward = trace
            let difference = LossDifference(
                network: network, loss: loss, inputs: forward.keptInputs, labels: batch.labels, mode: mode,
                masks: masks)
            let sweep = ProbeSweep(
                network: network, forward: forward, backward: trace, topCotangent: top, seed: options.seed)
            probes = try probedUnits.compactMap {
                try sweep.measure(
                    unit: $0, lossDifference: isProof ? difference : nil, progress: progress)
            }
        }
        var result = ResultAssembly(
            analysis: self, forward: forward, backward: backward, probes: probes
        ).result()
        result.measurements = try withoutActuallyEscaping(progress) {
            try measurements?.finish(result, progress: $0)
        }
        return result
    }

    /// Before the sweeps of the run: its own are over, and their memory free, when those begin.
    private func lineCorrelation(progress: () -> Void) throws -> LineCorrelation? {
        let omitted = Set(measurementOmissions.map(\.name))
        for request in options.measurements where !omitted.contains(request.name) {
            guard case .lineCorrelation(let points) = request else { continue }
            do {
                return try LineCorrelationMeasurement(points: points).measure(
                    network, on: batch, masks: masks, stages: stages, progress: progress)
            } catch MeasurementObstacle.forwardPassOverflowed {
                return nil
            }
        }
        return nil
    }

    private func forwardMode(progress: () -> Void) throws -> ForwardPass.Mode {
        guard options.mode == .inference else { return .training }
        defer { progress() }
        return .inference(try network.calibratedStatistics(on: batch.input, masks: masks))
    }
}
