import Analysis
import ArgumentParser
import DataSets
import Kernels
import Machine
import ResidualNetworks
import Tensors

/// `measure-sweep`: how long propagate's sweeps take on this machine, as one line of JSON.
@main
struct MeasureSweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure-sweep",
        abstract: "Time the sweeps of `propagate` (single precision).",
        discussion: "Of a full pre-activation network on digits, or of a model of a file.")

    @Option(help: "Weighted layers of the network.")
    var depth = 1001

    @Option(help: ArgumentHelp("h(x), as propagate names it.", valueName: "word"))
    var shortcut = "scale0.5"

    @Option(help: "Images in the batch.")
    var batch = 16

    @Option(help: ArgumentHelp("A model to measure in place of such a network.", valueName: "file.onnx"))
    var model: String?

    @Option(help: ArgumentHelp("The model's inputs by name, and labels.", valueName: "file.npz"))
    var batchFile: String?

    @Option(help: "Compute threads.")
    var threads = 2

    @Option(help: "Timed repetitions, after a warm-up.")
    var repetitions = 7

    @Flag(inversion: .prefixedNo, help: "Time the default probes too.")
    var probes = true

    @Option(help: ArgumentHelp("Time these measurements too, as propagate names them.", valueName: "list"))
    var measure: String?

    mutating func validate() throws {
        guard batch >= 1, threads >= 1, repetitions >= 1 else {
            throw ValidationError("--batch, --threads and --repetitions must be at least 1.")
        }
        guard (model == nil) == (batchFile == nil) else {
            throw ValidationError("--model and --batch-file go together.")
        }
    }

    func run() throws {
        ComputeThreads.count = threads
        let measured = try model.flatMap { model in
            try batchFile.map { try MeasuredModel(path: model, batch: $0) }
        }
        let analysis =
            try measured.map {
                SignalAnalysis($0.subject, options: AnalysisOptions(measuresSums: true))
            } ?? builtAnalysis()
        var benchmark = SweepBenchmark(analysis, threads: threads)
        try benchmark.run(repetitions: repetitions, measuringProbes: probes)
        if let measure { try benchmark.measure(try MeasurementVocabulary.requests(in: measure)) }
        var record = record(of: benchmark, for: analysis)
        record.model = model
        record.weightMib = measured.map { Double($0.weightBytes) / Double(1 << 20) }
        print(try record.line())
    }

    private func builtAnalysis() throws -> SignalAnalysis<Float> {
        let images = try Digits().batch(size: batch, seed: 0)
        let shape = Shape(images.count, images.shape.channels, images.shape.height, images.shape.width)
        let architecture = CIFARArchitecture()
        let block = try architecture.defaultBlock(depth: depth)
        let design = NetworkDesign(
            architecture: architecture, block: block,
            unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block),
            shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut), classes: images.classCount,
            input: shape.with(batch: 1))
        return try SignalAnalysis(
            Network<Float>(design, parameters: HeInitialization(seed: 0)),
            on: LabelledBatch(images.pixels, shape: shape, labels: images.labels))
    }

    private func record(of benchmark: SweepBenchmark, for analysis: SignalAnalysis<Float>) -> SweepRecord {
        let work = analysis.multiplyAdds
        let sweep = benchmark.forward + benchmark.backward
        let bound = 2 * Double(work.forward + work.backward) / benchmark.peak.rate
        return SweepRecord(
            depth: depth, shortcut: shortcut, batch: batch, threads: threads, repetitions: repetitions,
            units: analysis.stages.stageOfRow.count - 1, onednn: OneDNNKernels.libraryVersion,
            processorSeconds: benchmark.processorSeconds, forward: .init(benchmark.forward),
            backward: .init(benchmark.backward),
            plainBackward: .init(benchmark.plainBackward), sweep: .init(sweep),
            probes: probes ? .init(benchmark.probes) : nil,
            measurementPasses: measure.map { _ in benchmark.measurements },
            decompositionOverhead: Seconds.medianRatio(benchmark.backward, to: benchmark.plainBackward)
                .map { $0 - 1 },
            forwardGflop: 2e-9 * Double(work.forward), backwardGflop: 2e-9 * Double(work.backward),
            peakGflopPerSecond: 1e-9 * benchmark.peak.rate, peakInstructions: FMAPeak.instructionSet,
            boundSeconds: bound, minimumOverBound: sweep.minimum.map { $0 / bound },
            medianOverBound: sweep.median.map { $0 / bound }, predictedMib: Double(analysis.cost.memory) / Double(1 << 20),
            sweepPeakMib: benchmark.sweepPeakMemory, peakRssMib: PeakMemory.mebibytes)
    }
}
