import Analysis
import Foundation
import Kernels
import Reporting
import ResidualNetworks
import Tensors

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

    func write(_ result: AnalysisResult, manifest: RunManifest) throws {
        try report?.write { folder in
            for file in ReportBundle.files(result, manifest: manifest) {
                let url = folder.appending(path: file.path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try file.contents.write(to: url, atomically: false, encoding: .utf8)
            }
        }
        try json?.write(JSONReport.text(result, manifest: manifest))
        try csv?.write(UnitTable.csv(result.units))
        if !options.quiet, !options.ownsStandardOutput {
            print(TerminalReport.text(result, style: TerminalStyle.current()))
        }
    }

    func export<Scalar: KernelScalar>(_ tensors: TensorExport<Scalar>) throws {
        try exported?.write { try tensors.write(to: $0) }
    }
}

extension TerminalStyle {
    /// The style that suits where standard output goes.
    static func current() -> TerminalStyle {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var size = winsize()
        let isSized = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? "UTF-8"
        let noColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return TerminalStyle(
            width: isSized ? max(60, min(140, Int(size.ws_col))) : 100,
            height: isSized ? max(24, min(60, Int(size.ws_row))) : 44,
            colour: isTerminal && !noColour && environment["TERM"] != "dumb",
            unicode: locale.uppercased().contains("UTF") || !isTerminal)
    }
}
