import ArgumentParser
import Foundation
import NumericalMethods
import Reporting

/// The options of a sweep beside those of the measurements.
struct SweepOptions: ParsableArguments {
    @Option(help: ArgumentHelp("SQLite file that keeps the finished cells.", valueName: "file"))
    var store = "sweep.sqlite"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Cells measured at the same time; one a processor by default.", valueName: "count")
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "What the heat maps show, separated by commas: a slope, or a column of the table of units at x_0.",
            valueName: "words"))
    var quantity = "direct_log10_per_unit,direct_log10,gradient_log10"

    @Option(help: ArgumentHelp("Option that stands down the heat maps.", valueName: "option"))
    var rows: String?

    @Option(help: ArgumentHelp("Option that stands across the heat maps.", valueName: "option"))
    var columns: String?

    var jobCount: Int { jobs ?? ComputeTeam.standard }

    mutating func validate() throws {
        try OptionRange.require("--jobs", jobs, in: 1...1024)
    }

    /// The quantities that `--quantity` names.
    func quantities() throws -> [SummaryQuantity] {
        let known = SummaryQuantity.all.map(\.name)
        return try quantity.split(separator: ",").map(String.init).map { name in
            guard let quantity = SummaryQuantity.named(name) else {
                throw SweepError.unknownQuantity(
                    name, closest: ClosestMatch.find(name, in: known), known: known)
            }
            return quantity
        }
    }

    /// Refuses quantities and axes that there are not.
    func check(against grid: SweepGrid) throws {
        _ = try quantities()
        let known = grid.axes.map(\.name).filter { $0 != "seed" }
        for name in [rows, columns].compactMap(\.self) where !known.contains(name) {
            throw SweepError.unknownAxis(name, known: known)
        }
        if let rows, rows == columns { throw SweepError.oneAxisTwice(rows) }
    }
}
