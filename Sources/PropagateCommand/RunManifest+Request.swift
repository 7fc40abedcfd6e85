import DataSets
import Reporting
import ResidualNetworks

extension RunManifest {
    /// The measurement of a model of a file, every option with the value it takes.
    init(of request: ModelRequest, on data: DataProvenance? = nil) {
        let (options, run) = (request.options, request.run)
        var words = [
            "model": request.path, "batch": String(run.batch), "seed": String(run.seed),
            "precision": run.precision.rawValue, "threads": String(run.threadCount),
            "probe": run.probe.rawValue, "loss": options.loss, "bn": options.normalization.rawValue,
            "stack": String(options.stack),
        ]
        words["batch-file"] = options.batchFile
        words["data"] = request.data
        words["labels"] = options.labels
        words["mean"] = options.mean
        words["std"] = options.std
        words["output"] = options.output
        words["shortcut"] = request.shortcuts
        for (name, list) in [
            ("dim", options.dim), ("not-a-unit", options.notAUnit), ("weight-layer", options.weightLayer),
            ("no-weight-layer", options.noWeightLayer),
        ] where !list.isEmpty { words[name] = list.joined(separator: " ") }
        if !request.measurements.isEmpty {
            words["measure"] = request.measurements.map(\.name).joined(separator: ",")
        }
        self.init(configuration: words, data: data)
    }

    /// A run of this program as it was started, with the options that say what was done, and the images it was done on.
    init(configuration: [String: String], data: DataProvenance?) {
        self.init(
            command: ["propagate"] + CommandLine.arguments.dropFirst(), version: ToolVersion.current,
            commit: ToolVersion.commit, libraries: ToolVersion.libraries, configuration: configuration,
            data: data, operatingSystem: HostDescription.operatingSystem,
            processor: HostDescription.processor)
    }

    /// The run that a request asks for, every option with the value it takes.
    init(of request: AnalysisRequest, on data: DataProvenance? = nil) {
        let (design, run) = (request.design, request.run)
        self.init(
            configuration: design.words(request.network).merging([
                "data": run.data, "batch": String(run.batch),
                "undecodable": run.undecodable.rawValue, "seed": String(run.seed), "seeds": String(run.seeds),
                "precision": run.precision.rawValue,
                "mode": run.mode.rawValue,
                "threads": String(run.threadCount), "probe": run.probe.rawValue,
            ]) { $1 }, data: data)
        if let stored = request.weights {
            configuration["weights"] = stored.path
            weights = WeightsProvenance(path: stored.path, iteration: stored.iteration)
        }
        if !request.measurements.isEmpty {
            configuration["measure"] = request.measurements.map(\.name).joined(separator: ",")
        }
    }
}
