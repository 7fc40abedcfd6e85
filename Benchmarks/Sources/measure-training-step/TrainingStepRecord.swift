import Foundation
import Machine

/// The line of JSON that the benchmark prints. Times are in seconds, memory in MiB.
struct TrainingStepRecord: Encodable {
    struct Times: Encodable {
        let median: Double?
        let minimum: Double?

        init(_ seconds: Seconds) {
            median = seconds.median
            minimum = seconds.minimum
        }
    }

    let program = "propagate"
    let depth: Int
    let batch: Int
    let side: Int
    let replicas: Int
    let threads: Int
    let repetitions: Int
    /// `nil` where the step decided.
    let checkpointing: String?
    let parameters: Int
    let onednn: String

    /// Forward, backward and update.
    let step: Times
    /// Mean time of all threads; where the machine has other work to do, this with one thread says more.
    let processorSecondsPerStep: Double

    /// Operations of the convolutions, two for each multiply-add.
    let gflop: Double
    let peakGflopPerSecond: Double
    /// Of the multiply-adds that the peak was found among, on average.
    let sustainedGflopPerSecond: Double
    let peakInstructions: String
    let boundSeconds: Double
    /// The fastest step over the bound, and the median one.
    let minimumOverBound: Double?
    let medianOverBound: Double?

    /// Of every step, the warm-up included.
    let losses: [Double]

    /// After the warm-up: buffers of tensors in memory that none had used before, and in all.
    let freshBuffersPerStep: Double
    let buffersPerStep: Double
    /// Calls of malloc and its relatives by the whole process.
    let heapCallsPerStep: Double
    let pageFaultsPerStep: Double

    /// The most that tensors held at one time, and the sum of their buffers.
    let tensorPeakMib: Double
    let tensorCarvedMib: Double
    /// Of the whole process: as `TrainingMemory` says beforehand, and as it was.
    let predictedMib: Double
    let peakRssMib: Double

    /// One line, keys in snake case and in alphabetical order.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
