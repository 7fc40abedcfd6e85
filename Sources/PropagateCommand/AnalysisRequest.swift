import Analysis
import DataSets
import Graphs
import Kernels
import ONNX
import Reporting
import ResidualNetworks
import Tensors
import Training

/// What the options ask for, with every word resolved and nothing large made yet.
struct AnalysisRequest {
    let network: NetworkOptions
    var run: RunOptions
    let source: any ImageSource
    let design: NetworkDesign
    /// Those of a trained network; `nil` where they are drawn.
    let weights: StoredWeights?
    /// What is measured beyond the sweeps.
    let measurements: [MeasurementRequest]
    /// What the numbers are to hold.
    let assertions: [Assertion]

    init(
        network: NetworkOptions, run: RunOptions, weights: StoredWeights? = nil,
        measurements: [MeasurementRequest] = [], assertions: [Assertion] = []
    ) throws {
        guard weights == nil || run.seeds == 1 else { throw RequestError.severalSeeds(run.seeds) }
        // The network's words first: a misspelt one should not wait for a data set.
        _ = try network.designAlone
        let source = try network.source(
            named: run.data, undecodable: run.undecodable, trainedOn: weights?.data)
        if let available = source.imageCount, run.batch > available {
            throw DataSetError.batchTooLarge(run.batch, source: source.name, available: available)
        }
        if let classes = network.classes, classes < source.classCount {
            throw RequestError.tooFewClasses(classes, source: source.name, needed: source.classCount)
        }
        let image = source.shape
        self.network = network
        self.run = run
        self.weights = weights
        self.measurements = measurements
        self.assertions = assertions
        self.source = source
        design = try network.design(
            input: Shape(1, image.channels, image.height, image.width), classes: source.classCount)
        try design.requireCountable(batch: run.batch)
        try design.scarcestNormalization(batch: run.batch)?.requireSeveralValues()
    }

    /// Whether the command line is to blame for an error, rather than a file that it names.
    static func isWrongUsage(_ error: any Error) -> Bool {
        switch error {
        case let error as DataSetError:
            switch error {
            case .batchTooSmall, .batchTooLarge, .unknownSource, .directoryNotGiven, .unexpectedArgument,
                .scalesBelowSide:
                true
            case .directoryMissing, .fileMissing, .wrongSize, .labelOutOfRange, .otherClasses, .unreadable,
                .nameNotUTF8, .otherForm, .otherDataSet, .packed, .impossibleVocabulary:
                false
            }
        case is ImageFolderError, is CheckpointError: false
        // The value of an option that is not known may have been taken for an operand: that option is told first.
        case is OperandError, is ModelFileError, is ModelReadingError, is GraphError, is UnitOverrideError:
            false
        default: true
        }
    }

    /// Builds, measures and reports. What will not fit in memory is refused before any of it is made.
    func measure<Scalar: KernelScalar>(
        in precision: Scalar.Type, reportingTo outputs: ResultWriter
    ) throws -> RunOutcome {
        guard run.seeds == 1 else { return try measureSeeds(reportingTo: outputs) }
        try prepare()
        let masks = RecordedMasks(seed: run.seed)
        let prepared = try prepared(in: precision, masks: masks)
        let analysis = prepared.analysis
        outputs.announce(analysis.cost)
        let bar = ProgressBar(total: analysis.progressTotal)
        defer { bar.finish() }
        let result = try prepared.run { bar.advance() }
        bar.finish()
        let manifest = RunManifest(of: self, on: prepared.data)
        let findings = judge(result, manifest: manifest)
        try outputs.write(result, manifest: manifest, assertions: findings)
        try outputs.export(TensorExport(subject: prepared.subject, masks: masks, manifest: manifest))
        return RunOutcome(
            checksHold: result.allChecksHold, isComplete: result.isComplete, assertions: findings)
    }

    /// What the assertions say of a result.
    func judge(_ result: AnalysisResult, manifest: RunManifest) -> [AssertionFinding] {
        guard !assertions.isEmpty else { return [] }
        let report = JSONReport.value(result, manifest: manifest)
        return assertions.map { $0.judge(report) }
    }

    /// Peak memory of one seed, predicted from the design alone.
    func memoryPrediction() throws -> MemoryPrediction {
        try MemoryPrediction(
            design, batch: run.batch, mode: run.mode, probes: run.probe, measuring: measurements,
            in: run.precision.scalar)
    }

    /// Sets the compute threads, and refuses what will not fit in memory beside them.
    func prepare() throws {
        try ComputeTeam.adopt(run.threadCount)
        try memoryPrediction().requireToFit()
    }

    /// The measurement that is asked for, with its network and batch made.
    func prepared<Scalar: KernelScalar>(
        in precision: Scalar.Type, masks: RecordedMasks
    ) throws -> PreparedAnalysis<Scalar> {
        let stored: (network: Network<Scalar>, statistics: RunningStatistics?)? = try weights?.network(
            of: design)
        if let weights, run.mode == .inference, stored?.statistics == nil {
            throw RequestError.noStatistics(weights.path)
        }
        let images = try source.batch(size: run.batch, seed: run.seed)
        let subject = try NetworkSubject(
            stored?.network ?? Network<Scalar>(design, parameters: HeInitialization(seed: run.seed)),
            on: LabelledBatch<Scalar>(images), mode: run.mode, masks: masks, statistics: stored?.statistics)
        let analysis = SignalAnalysis(
            subject,
            options: AnalysisOptions(
                mode: run.mode, probes: run.probe, seed: run.seed, measurements: measurements,
                comparesWithTheory: weights == nil))
        return PreparedAnalysis(
            subject: subject, analysis: analysis, data: try source.provenance().of(images))
    }
}

/// A measurement with its network and batch made.
struct PreparedAnalysis<Scalar: KernelScalar>: Sendable {
    let subject: NetworkSubject<Scalar>
    let analysis: SignalAnalysis<Scalar>
    /// What a report tells of the images.
    let data: DataProvenance

    func run(progress: () -> Void = {}) throws -> AnalysisResult {
        var result = try analysis.run(progress: progress)
        if !analysis.options.comparesWithTheory {
            result.theory = QuantityVerdict.cannotSay("theory here is of freshly drawn weights")
        }
        return result
    }
}

/// Why options that are right one by one ask for something impossible together.
enum RequestError: Error, Equatable, CustomStringConvertible {
    case tooFewClasses(Int, source: String, needed: Int)
    case otherImageSize(Int, source: String, own: ImageShape)
    /// Of weights that are there once.
    case severalSeeds(Int)
    /// Of the weights at a path.
    case noStatistics(String)
    /// A sentence each.
    case wrongDerivatives([String])

    var description: String {
        switch self {
        case .tooFewClasses(let classes, let source, let needed):
            "--classes \(classes) is too few: \(source) has labels of \(needed) classes."
        case .wrongDerivatives(let sentences):
            "Training follows derivatives, and here they are wrong. \(sentences.joined(separator: " "))"
        case .severalSeeds(let count):
            "--seeds \(count) is impossible with weights that are read: they are the same with every seed. Choose another "
                + "batch with --seed."
        case .noStatistics(let path):
            "\(path) holds no running statistics, which --mode inference needs: measure with --mode training."
        case .otherImageSize(let side, let source, let own):
            "--image-size \(side) is impossible: \(source) are images of \(own)."
        }
    }
}

extension LabelledBatch {
    /// The images in the network's number type.
    fileprivate init(_ images: LabelledImages) {
        let shape = Shape(images.count, images.shape.channels, images.shape.height, images.shape.width)
        self.init(images.pixels.map { Scalar($0) }, shape: shape, labels: images.labels)
    }
}
