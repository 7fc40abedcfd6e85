import Analysis
import ArgumentParser
import DataSets
import Foundation
import Kernels
import Reporting
import ResidualNetworks
import Tensors

/// `propagate analyze`, the default: builds a network, measures it, reports.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Measure signal propagation through a residual network (default).")

    @OptionGroup(title: "Network") var networkOptions: NetworkOptions
    @OptionGroup(title: "Run") var runOptions: RunOptions
    @OptionGroup(title: "Output") var outputOptions: OutputOptions

    /// Exit codes besides 0 and ArgumentParser's 64.
    private static let checkFailed = ExitCode(1)
    private static let couldNotMeasure = ExitCode(2)

    func run() throws {
        let plan: Plan = try usageChecked { try makePlan() }
        do {
            let allChecksHold =
                switch runOptions.precision {
                case .single: try measure(plan, in: Float.self)
                case .double: try measure(plan, in: Double.self)
                }
            if !allChecksHold { throw Self.checkFailed }
        } catch let exit as ExitCode {
            throw exit
        } catch {
            complain(error)
            throw Self.couldNotMeasure
        }
    }

    /// What is settled before any long work.
    private struct Plan {
        let images: LabelledImages
        let design: NetworkDesign
        let outputs: ResultWriter
    }

    private func makePlan() throws -> Plan {
        // Words first: a misspelt option should not wait for a data set.
        let source = try ImageSourceParser.parse(runOptions.data)
        _ = try networkOptions.design(input: Shape(1, 3, 32, 32), classes: 10)
        do {
            let outputs = try ResultWriter(outputOptions)
            let images = try source.batch(size: runOptions.batch, seed: runOptions.seed)
            let design = try networkOptions.design(
                input: images.tensorShape, classes: max(10, images.classCount))
            return Plan(images: images, design: design, outputs: outputs)
        } catch let error as NetworkError {
            throw error
        } catch {
            complain(error)
            throw Self.couldNotMeasure
        }
    }

    private func measure<Scalar: KernelScalar>(_ plan: Plan, in precision: Scalar.Type) throws -> Bool {
        ComputeThreads.count = runOptions.threadCount
        let network = try Network<Scalar>(plan.design, parameters: HeInitialization(seed: runOptions.seed))
        let batch = LabelledBatch(
            plan.images.pixels.map { Scalar($0) }, shape: plan.images.tensorShape, labels: plan.images.labels)
        let masks = RecordedMasks(seed: runOptions.seed)
        let analysis = SignalAnalysis(
            network, on: batch,
            options: AnalysisOptions(mode: runOptions.mode, probes: runOptions.probe, seed: runOptions.seed),
            masks: masks)
        let bar = ProgressBar(total: analysis.progressTotal)
        defer { bar.finish() }
        let result = try analysis.run { bar.advance() }
        bar.finish()
        let manifest = manifest(for: plan.design)
        try plan.outputs.write(result, manifest: manifest)
        try plan.outputs.export(
            TensorExport(
                network: network, batch: batch, mode: runOptions.mode, masks: masks, manifest: manifest))
        return result.allChecksHold
    }

    private func manifest(for design: NetworkDesign) -> RunManifest {
        RunManifest(
            command: ["propagate"] + CommandLine.arguments.dropFirst(), version: ToolVersion.current,
            libraries: ToolVersion.libraries,
            configuration: [
                "depth": String(design.depth), "shortcut": design.shortcut.name, "unit": design.layout.name,
                "block": design.block.name, "architecture": design.architecture.name,
                "width": String(networkOptions.width ?? (design.architecture.stemKernel == nil ? 64 : 1)),
                "classes": String(design.classes), "data": runOptions.data, "batch": String(runOptions.batch),
                "seed": String(runOptions.seed), "precision": runOptions.precision.rawValue,
                "mode": runOptions.mode.rawValue, "threads": String(runOptions.threadCount),
                "probe": runOptions.probe.rawValue,
            ],
            operatingSystem: HostDescription.operatingSystem, processor: HostDescription.processor)
    }

    /// Turns an impossible request into a usage error, exit code 64.
    private func usageChecked<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ExitCode {
            throw error
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private func complain(_ error: any Error) {
        FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
    }
}

extension LabelledImages {
    /// (N, C, H, W).
    var tensorShape: Shape { Shape(count, shape.channels, shape.height, shape.width) }
}
