import Analysis
import DataSets
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
    /// An assertion is judged on medians, or with every seed where it says so.
    func measureSeeds(reportingTo outputs: ResultWriter) throws -> RunOutcome {
        let (statistics, data) = try statistics { outputs.announce($0, seeds: run.seeds) }
        let manifest = RunManifest(of: self, on: data)
        let findings = judge(statistics, manifest: manifest)
        try outputs.write(SeedReport(statistics, manifest: manifest, assertions: findings))
        outputs.complain(of: statistics.failures)
        outputs.complain(of: findings)
        return RunOutcome(
            checksHold: statistics.allChecksHold, isComplete: statistics.isComplete, assertions: findings)
    }

    private func judge(_ statistics: SeedStatistics, manifest: RunManifest) -> [AssertionFinding] {
        guard !assertions.isEmpty else { return [] }
        let reports = zip(statistics.seeds, statistics.results).map { seed, result in
            (seed: seed, report: JSONReport.value(result, manifest: manifest))
        }
        return assertions.map { $0.judge(reports) }
    }

    /// The results of every seed, one or several, and the images that they are of.
    private func statistics<Scalar: KernelScalar>(
        in precision: Scalar.Type, announce: (AnalysisCost) -> Void
    ) throws -> (statistics: SeedStatistics, data: DataProvenance?) {
        try prepare()
        var data: [DataProvenance] = []
        var bar: ProgressBar?
        defer { bar?.finish() }
        let results = try seeds.map { seed in
            let prepared = try with(seed: seed).prepared(in: precision, masks: RecordedMasks(seed: seed))
            data.append(prepared.data)
            if bar == nil { announce(prepared.analysis.cost) }
            let shown = bar ?? ProgressBar(total: seeds.count * prepared.analysis.progressTotal)
            bar = shown
            return try prepared.run { shown.advance() }
        }
        return (SeedStatistics(seeds: seeds, results: results), DataProvenance.over(seeds: data))
    }

    /// The results of every seed, in the number type that was asked for, and the images that they are of.
    ///
    /// - Parameter announce: told what the measurements of one seed will take, before the first runs.
    func statistics(
        announce: (AnalysisCost) -> Void = { _ in }
    ) throws -> (statistics: SeedStatistics, data: DataProvenance?) {
        try statistics(in: run.precision.scalar, announce: announce)
    }
}
