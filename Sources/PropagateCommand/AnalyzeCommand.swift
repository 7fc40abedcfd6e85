import Analysis
import ArgumentParser
import Kernels
import Reporting

/// What `analyze` can be asked for: a network that is built here, or a model of a file.
protocol MeasurableRequest {
    /// Every option with the value that it takes.
    var configuration: [String: String] { get }

    /// Measures and reports. What will not fit in memory is refused before any of it is made.
    func measure<Scalar: KernelScalar>(
        in precision: Scalar.Type, reportingTo outputs: ResultWriter
    ) throws -> RunOutcome
}

extension AnalysisRequest: MeasurableRequest {
    var configuration: [String: String] { RunManifest(of: self).configuration }
}

extension ModelRequest: MeasurableRequest {
    var configuration: [String: String] { RunManifest(of: self, on: nil).configuration }
}

/// `propagate analyze`, the default: builds a network, measures it, reports.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Measure signal propagation through a residual network.",
        usage: "propagate [analyze] [<network>] [<options>]",
        discussion: """
            Draws the weights of the network that the options describe, takes those of a trained one, or measures a \
            model of any framework, from an ONNX file ('propagate inspect' lists what is found in it).

              propagate --depth 56 --shortcut scale0.5
              propagate runs/resnet-110
              propagate resnet50.safetensors --data folder:val --mode inference
              propagate model.onnx --batch-file batch.npz --report folder
            """)

    @OptionGroup(title: WeightsOptions.title) var weightsOptions: WeightsOptions
    @OptionGroup(title: NetworkOptions.title) var networkOptions: NetworkOptions
    @OptionGroup(title: ModelOptions.title) var modelOptions: ModelOptions
    @OptionGroup(title: RunOptions.title) var runOptions: RunOptions
    @OptionGroup(title: MeasureOptions.title) var measureOptions: MeasureOptions
    @OptionGroup(title: AssertionOptions.title) var assertionOptions: AssertionOptions
    @OptionGroup(title: OutputOptions.title) var outputOptions: OutputOptions
    @OptionGroup(title: OutputOptions.title) var terminalOptions: TerminalOptions
    @OptionGroup(title: OutputOptions.title) var exportOptions: ExportOptions
    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    /// Refuses words and numbers that make no request, before anything is read or written.
    mutating func validate() throws {
        if runOptions.seeds > 1, exportOptions.export != nil {
            throw ValidationError("--export writes one network, and --seeds asks for \(runOptions.seeds).")
        }
        try OutputPlaces.requireApart { places in
            places.add(outputOptions, exporting: exportOptions)
            places.add(inputFile: configurationOptions.configuration, of: "--configuration")
            places.add(data: runOptions.data)
            places.add(weights: weightsOptions.named.path)
            places.add(inputFile: modelOptions.batchFile, of: "--batch-file")
        }
        let request = request
        do {
            _ = try request.get()
        } catch let error where AnalysisRequest.isWrongUsage(error) {
            throw ValidationError("\(error)")
        } catch {
            // A file that cannot be read is no wrong usage: `run` meets it again.
        }
    }

    /// What the words ask for; made once, as a checkpoint is read to its end when it is opened.
    lazy var request = Result { () -> any MeasurableRequest in
        guard let path = weightsOptions.model else { return try networkRequest() }
        let words = try ModelWords(typed: Invocation.current.get().options, path: path)
        try words.requireOptionsOfModels()
        return try ModelRequest(
            path: path, options: modelOptions, shortcuts: words.shortcuts, data: words.data,
            run: runOptions,
            measurements: measureOptions.requests, assertions: assertionOptions.assertions)
    }

    /// Of a network that is built here.
    func networkRequest() throws -> AnalysisRequest {
        try AnalysisRequest(
            network: networkOptions, run: runOptions, weights: weightsOptions.named.opened(),
            measurements: measureOptions.requests, assertions: assertionOptions.assertions)
    }

    mutating func run() throws {
        let request = request
        if case .failure(let error as OperandError) = request, case .nothingThere = error {
            throw ValidationError("\(error)")
        }
        try RunOutcome.report {
            let request = try request.get()
            guard !configurationOptions.printConfiguration else {
                try printConfiguration(request.configuration.mapValues { [$0] })
                return .held
            }
            let outputs = try ResultWriter(
                .analysis, outputOptions, exporting: exportOptions, isVerbose: terminalOptions.verbose)
            return try request.measure(in: runOptions.precision.scalar, reportingTo: outputs)
        }
    }
}
