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
        prediction = MemoryPrediction(network, input: batch.input.shape, probes: probedUnits.count)
    }

    /// Units of work that `progress` will be called for.
    public var progressTotal: Int {
        let units = network.units.count
        return (options.mode == .inference ? 1 : 0) + 2 * units + probedUnits.reduce(0) { $0 + units - $1 }
    }

    /// Measures everything.
    ///
    /// - Throws: `AnalysisError.doesNotFit` before any work; a kernel's or the network's error.
    public func run(progress: () -> Void = {}) throws -> AnalysisResult {
        try prediction.requireToFit()
        let mode = try forwardMode(progress: progress)
        let isProof = Scalar.self == Double.self
        let forward = try ForwardTrace(
            network, batch: batch, pass: ForwardPass(mode: mode, masks: masks),
            keepingInputs: isProof ? Set(probedUnits) : [], progress: progress)
        var backward: BackwardTrace<Scalar>?
        var probes: [ProbeMeasurement] = []
        if let top = forward.topCotangent, let loss = forward.loss {
            let trace = try BackwardTrace(
                forward, from: top, stages: stages.stageOfRow, keeping: Set(probedUnits), progress: progress)
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
        return ResultAssembly(
            analysis: self, forward: forward, backward: backward, probes: probes
        ).result()
    }

    private func forwardMode(progress: () -> Void) throws -> ForwardPass.Mode {
        guard options.mode == .inference else { return .training }
        defer { progress() }
        return .inference(try network.calibratedStatistics(on: batch.input, masks: masks))
    }
}
