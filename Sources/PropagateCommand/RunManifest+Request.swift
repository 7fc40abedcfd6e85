import Analysis
import ResidualNetworks

extension RunManifest {
    /// The run that a request asks for, every option with the value it takes.
    init(of request: AnalysisRequest) {
        let (design, run) = (request.design, request.run)
        self.init(
            command: ["propagate"] + CommandLine.arguments.dropFirst(), version: ToolVersion.current,
            libraries: ToolVersion.libraries,
            configuration: design.words(request.network).merging([
                "data": run.data, "batch": String(run.batch),
                "undecodable": run.undecodable.rawValue, "seed": String(run.seed), "seeds": String(run.seeds),
                "precision": run.precision.rawValue,
                "mode": run.mode.rawValue,
                "threads": String(run.threadCount), "probe": run.probe.rawValue,
            ]) { $1 },
            operatingSystem: HostDescription.operatingSystem, processor: HostDescription.processor)
        if !request.measurements.isEmpty {
            configuration["measure"] = request.measurements.map(\.name).joined(separator: ",")
        }
    }
}
