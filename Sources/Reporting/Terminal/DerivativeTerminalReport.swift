import Analysis
import ResidualNetworks

/// Derivatives held against values, on one screen: the functions, what was found, and each kind of mistake.
public enum DerivativeTerminalReport {
    public static func text(
        _ report: DerivativeReport, functions: [DesignFunction], style: TerminalStyle
    ) -> String {
        let equations = style.lines(of: functions)
        let outcome = report.outcome
        let summary = TextLayout.wrap(
            style.shown("\(report.summary) Seed \(report.seed)."), width: style.width - 2, indent: "")
        let head = summary.enumerated().map { index, line in
            index == 0 ? " \(style.sign(outcome)) \(line)" : "   \(line)"
        }
        let details = report.sentences.flatMap {
            TextLayout.wrap(style.shown($0), width: style.width, indent: "   ")
        }
        return (equations + head + details).joined(separator: "\n") + "\n"
    }
}
