import ArgumentParser
import Reporting

/// The conditions that a run is to hold.
struct AssertionOptions: ParsableArguments {
    static let title = "Assertions"

    @Option(
        name: .customLong("assert"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A condition on the report's numbers and words, such as 'direct_log10_per_unit > -0.01' or "
                + "'shortcut_path == intact'; may be repeated. "
                + "Row 0 of a column is written direct_log10[0]; min, max, mean and abs are understood. With --seeds medians "
                + "are judged; 'every loss < 3' asks each seed.",
            valueName: "condition"))
    var conditions: [String] = []

    /// Refuses what is no assertion before anything is measured.
    mutating func validate() throws {
        do { _ = try assertions } catch { throw ValidationError("\(error)") }
    }

    var assertions: [Assertion] {
        get throws(AssertionError) {
            var assertions: [Assertion] = []
            for condition in conditions { assertions.append(try Assertion(condition)) }
            return assertions
        }
    }
}
