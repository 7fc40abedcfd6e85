import Analysis
import Kernels
import Reporting

extension AnalysisRequest {
    /// Every seed that is asked for, from the first on.
    var seeds: [UInt64] { (0..<UInt64(run.seeds)).map { run.seed &+ $0 } }

    /// The same request with another seed.
    func with(seed: UInt64) -> AnalysisRequest {
        var request = self
        request.run.seed = seed
        request.run.seeds = 1
        return request
    }

    /// One analysis after the other, each as it would be alone, reported together.
    ///
    /// An assertion is to hold with every seed.
    func measureSeeds(reportingTo outputs: ResultWriter) throws -> RunOutcome {
        let statistics = try statistics()
        let manifest = RunManifest(of: self)
        try outputs.write(SeedReport(statistics, manifest: manifest))
        let findings = statistics.results.map { judge($0, manifest: manifest) }
        for (seed, found) in zip(statistics.seeds, findings) { outputs.complain(of: found, seed: seed) }
        return RunOutcome(checksHold: statistics.allChecksHold, assertions: findings.flatMap(\.self))
    }

    /// The results of every seed, one or several.
    private func statistics<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> SeedStatistics {
        try prepare(in: precision)
        var bar: ProgressBar?
        defer { bar?.finish() }
        let results = try seeds.map { seed in
            let analysis = try with(seed: seed).analysis(in: precision, masks: RecordedMasks(seed: seed))
            let shown = bar ?? ProgressBar(total: seeds.count * analysis.progressTotal)
            bar = shown
            return try analysis.run { shown.advance() }
        }
        return SeedStatistics(seeds: seeds, results: results)
    }

    /// The results of every seed, in the number type that was asked for.
    func statistics() throws -> SeedStatistics {
        switch run.precision {
        case .single: try statistics(in: Float.self)
        case .double: try statistics(in: Double.self)
        }
    }
}
