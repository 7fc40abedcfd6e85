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
        for _ in 0..<repetitions {
            peak.measure()
            try sweep()
        }
        peak.measure()
        sweepPeakMemory = PeakMemory.mebibytes
        if measuringProbes { try measureProbes() }
    }

    private mutating func sweep() throws {
        let analysis = analysis
        let trace = try forward.time { try analysis.forwardTrace() }
        let top = try Self.top(of: trace)
        let plain = try plainBackward.time { try PlainBackwardSweep(through: trace, from: top) }
        let whole = try backward.time { try analysis.backwardTrace(trace, from: top) }
        try Self.require(whole, agreesWith: plain)
    }

    /// The default probes from a backward pass that kept what they need; once, after a warm-up.
    private mutating func measureProbes() throws {
        let analysis = analysis
        let trace = try analysis.forwardTrace()
        let top = try Self.top(of: trace)
        let backward = try analysis.backwardTrace(trace, from: top, keeping: Set(analysis.probedUnits))
        let sweep = ProbeSweep(
            forward: trace, backward: backward, topCotangent: top, seed: analysis.options.seed)
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
            analysis.network, on: analysis.batch,
            options: AnalysisOptions(probes: .none, measurements: requests))
        var seconds = Seconds()
        _ = try seconds.time { try analysis.run() }
        return seconds.median ?? 0
    }

    private static func top(of trace: ForwardTrace<Float>) throws -> ScaledTensor<Float> {
        guard let top = trace.topCotangent else { throw BenchmarkError.forwardPassOverflowed }
        return top
    }

    /// Both sweeps must have found the same norms, or one of them has not done its work.
    private static func require(
        _ whole: BackwardTrace<Float>, agreesWith plain: PlainBackwardSweep<Float>
    ) throws {
        let norms = whole.rows.dropLast().reversed().map(\.norms.gradient.value)
        for (a, b) in zip(norms, plain.gradientLog10) where abs((a ?? -.infinity) - (b ?? .infinity)) > 1e-3 {
            throw BenchmarkError.sweepsDisagree(a, b)
        }
    }
}

extension SignalAnalysis<Float> {
    fileprivate func forwardTrace() throws -> ForwardTrace<Float> {
        try ForwardTrace(network, batch: batch, pass: ForwardPass(mode: .training, masks: masks))
    }

    fileprivate func backwardTrace(
        _ forward: ForwardTrace<Float>, from top: ScaledTensor<Float>, keeping: Set<Int> = []
    ) throws -> BackwardTrace<Float> {
        try BackwardTrace(forward, from: top, stages: stages.stageOfRow, keeping: keeping)
    }
}

/// Why a benchmark has no result.
enum BenchmarkError: Error, CustomStringConvertible {
    case forwardPassOverflowed
    /// log10 of the two norms.
    case sweepsDisagree(Double?, Double?)

    var description: String {
        switch self {
        case .forwardPassOverflowed: "The forward pass overflowed: there is no gradient to measure."
        case .sweepsDisagree(let a, let b):
            "The two backward sweeps disagree about a norm: its log10 is \(text(a)) or \(text(b))."
        }
    }

    private func text(_ log10: Double?) -> String { log10.map { "\($0)" } ?? "undefined" }
}
