import ArgumentParser
import DataSets
import Graphs
import Kernels
import Machine
import ResidualNetworks
import Tensors
import Training

/// `measure-training-step`: how long a step of training takes on this machine, and what memory it needs, as one
/// line of JSON.
@main
struct MeasureTrainingStep: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure-training-step",
        abstract:
            "Time a step of training (identity shortcuts, full pre-activation, digits, single precision).")

    @Option(help: "Weighted layers of the network.")
    var depth = 110

    @Option(help: "Images in the batch.")
    var batch = 128

    @Option(help: ArgumentHelp("Side of the images.", valueName: "pixels"))
    var side = 32

    @Option(help: "Parts of the batch with statistics of their own.")
    var replicas = 1

    @Option(help: "Compute threads.")
    var threads = 2

    @Option(help: "Timed repetitions.")
    var repetitions = 7

    @Option(help: "Steps before the timed ones.")
    var warmUp = 2

    @Option(help: "What the backward pass recomputes; left to the step if unsaid.")
    var checkpointing: Checkpointing?

    mutating func validate() throws {
        guard batch >= 1, replicas >= 1, threads >= 1, repetitions >= 1, warmUp >= 1, side >= 8 else {
            throw ValidationError(
                "--batch, --replicas, --threads, --repetitions and --warm-up must be at least 1, --side at least 8."
            )
        }
    }

    func run() throws {
        ComputeThreads.count = threads
        let (design, batch) = try problem()
        let step = try TrainingStep<Float>(
            design,
            Optimization(schedule: LearningRateSchedule(base: 0.01, milestones: []), replicas: replicas),
            checkpointing: checkpointing, seed: 0)
        var benchmark = try TrainingStepBenchmark(step, on: batch, threads: threads)
        try benchmark.run(warmUp: warmUp, repetitions: repetitions)
        print(try record(of: benchmark, design).line())
    }

    private func problem() throws -> (design: NetworkDesign, batch: TrainingBatch<Float>) {
        let images = try Digits().batch(size: batch, seed: 0)
        let architecture = CIFARArchitecture()
        let block = try architecture.defaultBlock(depth: depth)
        let shape = Shape(batch, images.shape.channels, side, side)
        let design = NetworkDesign(
            architecture: architecture, block: block,
            unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block),
            shortcut: IdentityShortcut(), classes: images.classCount, input: shape.with(batch: 1))
        let cut = stride(from: 0, to: images.pixels.count, by: images.shape.height * images.shape.width)
            .flatMap {
                plane in
                (0..<side).flatMap { row in
                    images.pixels[(plane + row * images.shape.width)...].prefix(side)
                }
            }
        return (design, TrainingBatch(pixels: cut, shape: shape, labels: images.labels))
    }

    private func record(of benchmark: TrainingStepBenchmark, _ design: NetworkDesign) throws
        -> TrainingStepRecord
    {
        let work = try design.model(batch: batch).multiplyAdds
        // Every convolution forward, every filter's gradient, every pull-back but the stem's.
        let operations = 2 * Double(2 * work.forward + work.backward)
        let bound = operations / benchmark.peak.rate
        let (counts, steps) = (benchmark.counts, Double(repetitions))
        return TrainingStepRecord(
            depth: depth, batch: batch, side: side, replicas: replicas, threads: threads,
            repetitions: repetitions, checkpointing: checkpointing?.rawValue,
            parameters: try design.parameters.reduce(0) { $0 + $1.count },
            onednn: OneDNNKernels.libraryVersion, step: .init(benchmark.step),
            processorSecondsPerStep: benchmark.counts.processorSeconds / Double(repetitions),
            gflop: 1e-9 * operations,
            peakGflopPerSecond: 1e-9 * benchmark.peak.rate,
            sustainedGflopPerSecond: 1e-9 * benchmark.peak.sustainedRate,
            peakInstructions: FMAPeak.instructionSet,
            boundSeconds: bound, minimumOverBound: benchmark.step.minimum.map { $0 / bound },
            medianOverBound: benchmark.step.median.map { $0 / bound }, losses: benchmark.losses,
            freshBuffersPerStep: Double(benchmark.freshBuffers) / steps,
            buffersPerStep: Double(benchmark.buffers) / steps,
            heapCallsPerStep: Double(counts.heapCalls) / steps,
            pageFaultsPerStep: Double(counts.pageFaults) / steps,
            tensorPeakMib: Double(TensorMemory.current.peakBytesInUse) / 1_048_576,
            tensorCarvedMib: Double(TensorMemory.current.bytesCarved) / 1_048_576,
            predictedMib: Double(
                try TrainingMemory(
                    design, batch: batch, replicas: replicas, checkpointing: checkpointing,
                    in: Float.self
                ).total) / 1_048_576,
            peakRssMib: PeakMemory.mebibytes)
    }
}

extension Checkpointing: @retroactive ExpressibleByArgument {}
