import Foundation
import Machine

/// The line of JSON that a benchmark prints. Times are in seconds, memory in MiB.
struct SweepRecord: Encodable {
    struct Times: Encodable {
        let median: Double?
        let minimum: Double?

        init(_ seconds: Seconds) {
            median = seconds.median
            minimum = seconds.minimum
        }
    }

    let program = "propagate"
    /// The file of the model that was measured; depth, shortcut and batch say nothing then.
    var model: String?
    /// Of its weights.
    var weightMib: Double?
    let depth: Int
    let shortcut: String
    let batch: Int
    let threads: Int
    let repetitions: Int
    let units: Int
    let onednn: String

    /// Of all threads, for forward + backward: the mean over repetitions.
    let processorSeconds: Double
    let forward: Times
    /// With the whole decomposition.
    let backward: Times
    /// With ‖g_l‖ alone.
    let plainBackward: Times
    /// forward + backward.
    let sweep: Times
    /// `nil` where they were not asked for.
    let probes: Times?
    /// Measurements beyond the sweeps, in plain backward passes; `nil` where none was asked for.
    let measurementPasses: [String: Double]?
    /// backward / plain_backward − 1, the median over repetitions.
    let decompositionOverhead: Double?

    /// Operations of the weight layers, two for each multiply-add.
    let forwardGflop: Double
    let backwardGflop: Double
    let peakGflopPerSecond: Double
    let peakInstructions: String
    let boundSeconds: Double
    /// The fastest sweep over the bound, and the median one.
    let minimumOverBound: Double?
    let medianOverBound: Double?

    /// Of the whole analysis, as it is told before it runs.
    let predictedMib: Double
    /// After the sweeps, before the probes.
    let sweepPeakMib: Double
    let peakRssMib: Double

    /// One line, keys in snake case and in alphabetical order.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
