import Analysis
import ArgumentParser
import Reporting
import ResidualNetworks

/// `propagate check`: value against derivative of every function that is not built in.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Hold the derivatives of a network's own functions against its values.",
        usage: "propagate check [<options>]",
        discussion: """
            Builds a small network of the same units in double precision, and compares, at every place of a formula, \
            what forward mode (JVP) and reverse mode (VJP) give with differences of the value. 'propagate analyze' \
            does the same before it measures; a Swift program has it as DerivativeCheck.

              propagate check --shortcut 'expr: 0.9*x + 0.1*tanh(x)' --after 'expr: max(x, a*x)' --let a=0.1

            Exit codes: 0 all are right or built in, 1 one is wrong, 2 could not check, 64 usage.
            """)

    @OptionGroup(title: NetworkOptions.title) var networkOptions: NetworkOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed of weights, images and directions.", valueName: "number"))
    var seed: UInt64 = 0

    mutating func validate() throws {
        do { _ = try networkOptions.designAlone } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        try RunOutcome.report {
            let design = try networkOptions.designAlone
            let report = try DerivativeCheck(seed: seed).report(on: design)
            try StandardStream.print(
                DerivativeTerminalReport.text(
                    report, functions: design.functions, style: TerminalSurroundings.style))
            guard report.operations > 0 || report.obstacle != nil else { return .held }
            return report.outcome.map { $0 ? .held : .failed } ?? .undecided
        }
    }
}
