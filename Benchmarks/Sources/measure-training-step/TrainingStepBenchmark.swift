import Machine
import ResidualNetworks
import Tensors
import Training

/// Times steps of training on one batch, in Float, and counts what they ask of the system.
struct TrainingStepBenchmark {
    private(set) var step = Seconds()
    private(set) var peak: FMAPeak
    /// Of every step, the warm-up included.
    private(set) var losses: [Double] = []
    /// Over all timed steps.
    private(set) var counts = Counts()
    /// Tensors' buffers over all timed steps: in fresh memory, and in all.
    private(set) var freshBuffers = 0
    private(set) var buffers = 0

    private let training: TrainingStep<Float>
    private let batch: TrainingBatch<Float>
    private var state: TrainingState<Float>

    init(_ training: TrainingStep<Float>, on batch: TrainingBatch<Float>, threads: Int) throws {
        self.training = training
        self.batch = batch
        state = try TrainingState(training.design, from: HeInitialization(seed: 0))
        peak = FMAPeak(threads: threads)
    }

    mutating func run(warmUp: Int, repetitions: Int) throws {
        for _ in 0..<warmUp { try advance() }
        step = Seconds()
        for _ in 0..<repetitions {
            peak.measure()
            let (countsBefore, memoryBefore) = (Counts.current, TensorMemory.current)
            try advance()
            counts = counts + (Counts.current - countsBefore)
            let memory = TensorMemory.current
            freshBuffers += memory.freshBuffers - memoryBefore.freshBuffers
            buffers += memory.buffers - memoryBefore.buffers
        }
        peak.measure()
    }

    private mutating func advance() throws {
        let (training, batch) = (training, batch)
        losses.append(try step.time { try training.advance(&state, on: batch) }.loss)
    }
}
