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
            place in the paper, what was measured, the tolerance and why that one. With --shortcut, --after, \
            --activation or --branch-scale the claims that can be made of these functions are checked instead, in \
            networks of 12 units (24 for the product of the shortcuts) in three stages: l, L and t are theirs.

            Exit codes: 0 all claims hold, 1 a claim fails, 2 could not measure, 64 usage.
            """)

    @Argument(help: "The claims to check, all by default.")
    var claim: [String] = []

    @Option(
        help: ArgumentHelp(
            "h(x) of one's own, as in 'expr: 0.9*x + 0.1*tanh(x)': check what the paper says of such units.",
            valueName: "word"))
    var shortcut: String?

    @Option(help: ArgumentHelp("The unit that has functions of one's own.", valueName: "word"))
    var unit: String?

    @OptionGroup(title: "Functions of one's own") var formulaOptions: FormulaOptions

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
        do { _ = try claims() } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        try RunOutcome.report {
            let (claims, omitted) = try claims()
            guard !list else {
                try StandardStream.print(
                    ClaimTerminalReport.list(claims, style: TerminalSurroundings.style))
                return .held
            }
            let files = try (json: json.map(TextFile.init), markdown: markdown.map(TextFile.init))
            var report = try verify(claims, omitting: omitted, in: precision.scalar)
            report.functions = try ownFunctions?.functions.formulas ?? []
            let manifest = RunManifest(
                configuration: [
                    "claims": claims.map(\.name).joined(separator: ","), "seed": String(seed),
                    "precision": precision.rawValue, "threads": String(ComputeThreads.count),
                ].merging(try ownFunctions?.words() ?? [:]) { $1 }, data: nil)
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

    /// The paper's claims, or what it says of units with functions of one's own.
    private func claims() throws -> (applying: [any Claim], omitted: [OmittedClaim]) {
        guard let own = ownFunctions else { return (try ClaimCatalogue.named(claim), []) }
        let (claims, omitted) = try own.functions.claims()
        let claim = claim.map { OwnFunctions.generalForms[$0] ?? $0 }
        if let refused = omitted.first(where: { claim.contains($0.name) || self.claim.contains($0.name) }) {
            throw ClaimError.inapplicable(word: refused.name, reason: refused.reason)
        }
        return (try ClaimCatalogue.named(claim, among: claims), claim.isEmpty ? omitted : [])
    }

    /// `nil` where no option names one.
    private var ownFunctions: UnitWords? {
        guard shortcut != nil || unit != nil || formulaOptions.isSaid else { return nil }
        return UnitWords(shortcut: shortcut, unit: unit, formulas: formulaOptions)
    }

    private func verify<Scalar: KernelScalar>(
        _ claims: [any Claim], omitting omitted: [OmittedClaim], in precision: Scalar.Type
    ) throws -> ClaimReport {
        let bar = ProgressBar(total: claims.count)
        defer { bar.finish() }
        return try ClaimReport(
            testing: claims, omitting: omitted, on: TestBench<Scalar>(seed: seed)
        ) { bar.advance() }
    }
}
