import Analysis
import ArgumentParser
import Foundation
import Kernels

/// The options that say on what, how and how precisely it is measured.
struct RunOptions: ParsableArguments {
    static let title = "Run"

    enum Precision: String, ExpressibleByArgument, CaseIterable {
        case single, double

        /// The number type that it names.
        var scalar: any KernelScalar.Type {
            switch self {
            case .single: Float.self
            case .double: Double.self
            }
        }
    }

    @Option(
        help: ArgumentHelp(
            "digits (1,797 embedded images), noise, cifar10:DIR, cifar100:DIR or folder:DIR (DIR/class/*.png, *.jpg).",
            valueName: "word"))
    var data = "digits"

    @Option(help: UndecodableFiles.help)
    var undecodable = UndecodableFiles.refuse

    @Option(parsing: .unconditional, help: ArgumentHelp("Images in the batch.", valueName: "count"))
    var batch = 16

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed of weights, batch, masks and probes.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Measure with this many seeds, from --seed on, and report medians and quartiles.",
            valueName: "count"))
    var seeds = 1

    @Option(help: ArgumentHelp("single (oneDNN) or double (OpenBLAS).", valueName: "word"))
    var precision = Precision.single

    @Option(
        help: ArgumentHelp(
            "training (batch statistics) or inference (running statistics: those of weights, or else calibrated).",
            valueName: "word"))
    var mode = AnalysisOptions.Mode.training

    @Option(
        help: ArgumentHelp(
            "Start forward-mode probes at the first x of each stage, at every x_l, or nowhere.",
            valueName: "word"))
    var probe = AnalysisOptions.Probes.stages

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Compute threads; all processors by default.", valueName: "count"))
    var threads: Int?

    var threadCount: Int { threads ?? ComputeTeam.standard }

    mutating func validate() throws {
        try OptionRange.require("--batch", batch, in: 1...1_000_000_000)
        try OptionRange.require("--seeds", seeds, in: 1...10_000)
        try OptionRange.require("--threads", threads, in: 1...1024)
    }
}

extension AnalysisOptions.Mode: ExpressibleByArgument {}
extension AnalysisOptions.Probes: ExpressibleByArgument {}
