import Analysis
import Kernels
import Machine
import ResidualNetworks
import Tensors

/// Times the sweeps of a measurement of one network on one batch, in Float.
struct SweepBenchmark {
    private(set) var forward = Seconds()
    private(set) var backward = Seconds()
    private(set) var plainBackward = Seconds()
    private(set) var probes = Seconds()
    private(set) var peak: FMAPeak
    /// Time of each measurement beyond the sweeps, in plain backward passes.
    private(set) var measurements: [String: Double] = [:]
    /// Of all threads, for forward + backward with the decomposition: the mean over repetitions.
    private(set) var processorSeconds = 0.0
    /// Before the probes, which are no part of the measurement sweep.
    private(set) var sweepPeakMemory = 0.0

    private let analysis: SignalAnalysis<Float>

    init(_ analysis: SignalAnalysis<Float>, threads: Int) {
        self.analysis = analysis
        peak = FMAPeak(threads: threads)
    }

    /// A warm-up, then so many repetitions of: forward, plain backward, backward with the decomposition.
    mutating func run(repetitions: Int, measuringProbes: Bool) throws {
        try sweep()
        (forward, backward, plainBackward) = (Seconds(), Seconds(), Seconds())
        processorSeconds = 0
        for _ in 0..<repetitions {
            peak.measure()
            try sweep()
        }
        processorSeconds /= Double(repetitions)
        peak.measure()
        sweepPeakMemory = PeakMemory.mebibytes
        if measuringProbes { try measureProbes() }
    }

    private mutating func sweep() throws {
        let (analysis, sums, start) = (analysis, analysis.options.measuresSums, Counts.current)
        let trace = try forward.time { try analysis.forwardTrace() }
        let top = try Self.top(of: trace)
        let middle = Counts.current
        let plain = try plainBackward.time { try GradientTrace(trace, from: top) }
        let resumed = Counts.current
        let whole = try backward.time { try BackwardTrace(trace, from: top, measuringSums: sums) }
        let spent = (middle - start) + (Counts.current - resumed)
        processorSeconds += spent.processorSeconds
        try Self.require(whole, agreesWith: plain)
    }

    /// The default probes from a backward pass that kept what they need; once, after a warm-up.
    private mutating func measureProbes() throws {
        let analysis = analysis
        let trace = try analysis.forwardTrace()
        let top = try Self.top(of: trace)
        let kept = Set(analysis.probedUnits + [trace.unitCount])
        let backward = try BackwardTrace(trace, from: top, keeping: kept)
        let sweep = ProbeSweep(
            forward: trace, backward: backward, outputCotangent: top, seed: analysis.options.seed)
        _ = try sweep.push(from: analysis.probedUnits)
        try probes.time { _ = try sweep.push(from: analysis.probedUnits) }
    }

    /// An analysis with the measurement less one without, over the median plain backward pass; once each.
    mutating func measure(_ requests: [MeasurementRequest]) throws {
        guard let pass = plainBackward.median else { return }
        let alone = try secondsOfAnalysis(measuring: [])
        for request in requests {
            measurements[request.name] = (try secondsOfAnalysis(measuring: [request]) - alone) / pass
        }
    }

    private func secondsOfAnalysis(measuring requests: [MeasurementRequest]) throws -> Double {
        let analysis = SignalAnalysis(
            analysis.subject, options: AnalysisOptions(probes: .none, measurements: requests))
        var seconds = Seconds()
        _ = try seconds.time { try analysis.run() }
        return seconds.median ?? 0
    }

    private static func top(of trace: ForwardTrace<Float>) throws -> ScaledTensor<Float> {
        guard let top = trace.outputCotangent else { throw BenchmarkError.forwardPassOverflowed }
        return top
    }

    /// Both sweeps must have found the same norms, or one of them has not done its work.
    private static func require(
        _ whole: BackwardTrace<Float>, agreesWith plain: GradientTrace<Float>
    ) throws {
        let norms = whole.rows.map(\.norms.gradient.value)
        // Both are undefined where no gradient arrives.
        for (a, b) in zip(norms, plain.gradients.map(\.value))
        where a != b && abs((a ?? -.infinity) - (b ?? .infinity)) > 1e-3 {
            throw BenchmarkError.sweepsDisagree(a, b)
        }
    }
}

/// Why a benchmark has no result.
enum BenchmarkError: Error, CustomStringConvertible {
    case forwardPassOverflowed
    /// The file of a batch.
    case noLabels(String)
    /// log10 of the two norms.
    case sweepsDisagree(Double?, Double?)

    var description: String {
        switch self {
        case .forwardPassOverflowed: "The forward pass overflowed: there is no gradient to measure."
        case .noLabels(let path): "\(path) has no labels."
        case .sweepsDisagree(let a, let b):
            "The two backward sweeps disagree about a norm: its log10 is \(text(a)) or \(text(b))."
        }
    }

    private func text(_ log10: Double?) -> String { log10.map { "\($0)" } ?? "undefined" }
}
