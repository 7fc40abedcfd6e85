import Analysis
import Foundation
import Kernels
import Reporting
import ResidualNetworks

/// Takes a result where the options say. Everything that can be refused is refused when it is made.
struct ResultWriter {
    private let options: OutputOptions
    private let report: AtomicDirectory?
    private let exported: AtomicDirectory?
    private let json: TextFile?
    private let csv: TextFile?

    init(_ options: OutputOptions) throws {
        self.options = options
        report = try options.report.map { try AtomicDirectory(path: $0) }
        exported = try options.export.map { try AtomicDirectory(path: $0) }
        json = try options.json.map { try TextFile(path: $0) }
        csv = try options.csv.map { try TextFile(path: $0) }
    }

    /// Says what the measurements will take, before they run.
    func announce(_ costs: [MeasurementCost]) {
        guard !options.quiet else { return }
        for cost in costs { StandardStream.note(cost.text + "\n") }
    }

    func write(
        _ result: AnalysisResult, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) throws {
        try report?.write { folder in
            for file in ReportBundle.files(result, manifest: manifest, assertions: assertions) {
                let url = folder.appending(path: file.path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try file.contents.write(to: url, atomically: false, encoding: .utf8)
            }
        }
        try json?.write(JSONReport.text(result, manifest: manifest, assertions: assertions))
        try csv?.write(UnitTable.csv(result.units))
        if !options.quiet, !options.ownsStandardOutput {
            try StandardStream.print(
                TerminalReport.text(result, style: TerminalSurroundings.style, assertions: assertions))
        } else {
            for finding in assertions where finding.outcome != .holds {
                StandardStream.complain("The assertion “\(finding.text)” \(finding.sentence).")
            }
        }
    }

    func export<Scalar: KernelScalar>(_ tensors: TensorExport<Scalar>) throws {
        try exported?.write { try tensors.write(to: $0) }
    }
}
