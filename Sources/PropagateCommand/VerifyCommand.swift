import ArgumentParser
import Claims
import Foundation
import Kernels
import Reporting

/// `propagate verify`: the paper's statements as checks on freshly built networks.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the paper's statements on freshly built networks.",
        usage: "propagate verify [<claim> ...] [<options>]",
        discussion: """
            Builds small networks and measures on them what the paper claims. Every claim is printed with its \
            place in the paper, what was measured, the tolerance and why that one.

            Exit codes: 0 all claims hold, 1 a claim fails, 2 could not measure, 64 usage.
            """)

    @Argument(help: "The claims to check, all by default.")
    var claim: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed of weights, batches, masks and directions.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("double (OpenBLAS) or single (oneDNN).", valueName: "word"))
    var precision = RunOptions.Precision.double

    @Option(
        help: ArgumentHelp("Write the findings as JSON, or to standard output with -.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Write the findings as Markdown, or to standard output with -.", valueName: "file"))
    var markdown: String?

    @Flag(help: "List the claims and where the paper makes them.")
    var list = false

    mutating func validate() throws {
        guard !(json == "-" && markdown == "-") else {
            throw ValidationError("--json - and --markdown - cannot both write to standard output.")
        }
        try OutputPlaces.requireApart { places in
            places.add(file: json, of: "--json")
            places.add(file: markdown, of: "--markdown")
        }
        do { _ = try ClaimCatalogue.named(claim) } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        try RunOutcome.report {
            let claims = try ClaimCatalogue.named(claim)
            guard !list else {
                try StandardStream.print(
                    ClaimTerminalReport.list(claims, style: TerminalSurroundings.style))
                return .held
            }
            let files = try (json: json.map(TextFile.init), markdown: markdown.map(TextFile.init))
            let report = try verify(claims, in: precision.scalar)
            let manifest = RunManifest(
                configuration: [
                    "claims": claims.map(\.name).joined(separator: ","), "seed": String(seed),
                    "precision": precision.rawValue, "threads": String(ComputeThreads.count),
                ], data: nil)
            try files.json?.write(ClaimJSONReport.text(report, manifest: manifest))
            try files.markdown?.write(ClaimMarkdownReport.text(report, manifest: manifest))
            if json != "-", markdown != "-" {
                try StandardStream.print(
                    ClaimTerminalReport.text(
                        report, manifest: manifest, style: TerminalSurroundings.style))
            }
            return RunOutcome(checksHold: report.allHold)
        }
    }

    private func verify<Scalar: KernelScalar>(
        _ claims: [any Claim], in precision: Scalar.Type
    ) throws -> ClaimReport {
        let bar = ProgressBar(total: claims.count)
        defer { bar.finish() }
        return try ClaimReport(testing: claims, on: TestBench<Scalar>(seed: seed)) { bar.advance() }
    }
}
