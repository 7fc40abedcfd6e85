import Analysis
import Foundation
import Kernels
import Limits
import Reporting
import ResidualNetworks

/// Takes a result where the options say. Everything that can be refused is refused when it is made.
struct ResultWriter {
    private let isQuiet: Bool
    private let isVerbose: Bool
    private let report: ReportFolder?
    private let exported: ExportFolder?
    private let json: TextFile?
    private let csv: TextFile?

    init(
        _ kind: ReportKind, _ options: OutputOptions, exporting export: ExportOptions? = nil,
        isVerbose: Bool = false
    ) throws {
        isQuiet = options.quiet || options.ownsStandardOutput
        self.isVerbose = isVerbose
        report = try options.report.map { try ReportFolder(path: $0, of: kind) }
        exported = try export?.export.map { try ExportFolder(path: $0) }
        json = try options.json.map { try TextFile(path: $0) }
        csv = try options.csv.map { try TextFile(path: $0) }
        // Also where the run is to be quiet: nothing is replaced in silence.
        for notice in [report?.replacementNotice, exported?.replacementNotice].compactMap(\.self) {
            StandardStream.tell(notice)
        }
    }

    private var style: TerminalStyle {
        var style = TerminalSurroundings.style
        style.isVerbose = isVerbose
        return style
    }

    /// Says what a run will take, before it begins: memory where that is much or dearly bought, and the measurements.
    func announce(_ cost: AnalysisCost, seeds: Int = 1) {
        guard !isQuiet else { return }
        let recomputing = cost.checkpointing == .alternateRows ? nil : cost.checkpointing.words
        if cost.memory >= Self.muchMemory || recomputing != nil {
            StandardStream.tell(
                "memory \(ByteCount.words(cost.memory)) at its peak" + (recomputing.map { ", \($0)." } ?? ".")
            )
        }
        let place = seeds == 1 ? "" : ", with each of \(seeds) seeds"
        for measurement in cost.measurements { StandardStream.tell("\(measurement.text)\(place)") }
    }

    /// 2 GiB.
    private static let muchMemory = 2 << 30

    func write(
        _ result: AnalysisResult, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) throws {
        try json?.write(JSONReport.text(result, manifest: manifest, assertions: assertions))
        try csv?.write(UnitTable.csv(result.units))
        try report?.write(
            ReportBundle.files(result, manifest: manifest, assertions: assertions), manifest: manifest)
        if !isQuiet {
            try StandardStream.print(
                TerminalReport.text(result, manifest: manifest, style: style, assertions: assertions))
        }
        complain(of: result.checks.compactMap(\.failure))
        complain(of: assertions)
    }

    /// Says on standard error which checks failed, where no report on the terminal does.
    func complain(of failures: [String]) {
        guard isQuiet else { return }
        for failure in failures { StandardStream.complain(failure) }
    }

    /// Says on standard error which assertions do not hold, and why.
    func complain(of assertions: [AssertionFinding]) {
        let minus = style.unicode ? "−" : "-"
        for finding in assertions where finding.outcome != .holds {
            StandardStream.complain("The assertion “\(finding.text)” \(finding.sentence(minus: minus)).")
        }
    }

    func write(_ whole: some Report) throws {
        try json?.write(whole.json())
        try csv?.write(whole.csv())
        try report?.write(whole.files(), manifest: whole.manifest)
        if !isQuiet {
            try StandardStream.print(whole.terminal(style))
        }
    }

    func export<Scalar: KernelScalar>(_ tensors: TensorExport<Scalar>) throws {
        try exported?.write { try tensors.write(to: $0) }
    }
}
