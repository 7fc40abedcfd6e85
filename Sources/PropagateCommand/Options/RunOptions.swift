import Analysis
import ArgumentParser
import Foundation

/// The options that say on what, how and how precisely it is measured.
struct RunOptions: ParsableArguments {
    enum Precision: String, ExpressibleByArgument, CaseIterable {
        case single, double
    }

    @Option(
        help: ArgumentHelp(
            "digits (1,797 embedded images), noise, cifar10:DIR or cifar100:DIR.", valueName: "word"))
    var data = "digits"

    @Option(help: "Images in the batch.")
    var batch = 16

    @Option(help: "Seed of weights, batch, masks and probes.")
    var seed: UInt64 = 0

    @Option(help: "single (oneDNN) or double (OpenBLAS).")
    var precision = Precision.single

    @Option(help: "training (batch statistics) or inference (calibrated running statistics).")
    var mode = AnalysisOptions.Mode.training

    @Option(help: "Start forward-mode probes at the first x of each stage, at every x_l, or nowhere.")
    var probe = AnalysisOptions.Probes.stages

    @Option(help: ArgumentHelp("Compute threads; all processors by default.", valueName: "count"))
    var threads: Int?

    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    mutating func validate() throws {
        guard batch >= 1 else { throw ValidationError("--batch must be at least 1, not \(batch).") }
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must lie between 1 and 1024, not \(threads).")
        }
    }
}

extension AnalysisOptions.Mode: ExpressibleByArgument {}
extension AnalysisOptions.Probes: ExpressibleByArgument {}
