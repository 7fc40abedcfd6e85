/// What a report is of, and the names that its files can have. A folder's list of files comes from its manifest, which may
/// be anybody's: nothing else is ever removed as a report's.
public enum ReportKind: CaseIterable, Sendable {
    /// One network, with one seed or several.
    case analysis
    case comparison, sweep, confirmation, training

    /// Files in the report's own folder, whichever of them a run may have. What its figures are called follows from the
    /// result.
    public var names: [String] {
        let own =
            switch self {
            case .analysis: ["report.json", "units.csv"] + MeasurementTables.names.map { "\($0).csv" }
            case .comparison: ["comparison.json", "comparison.csv"]
            case .sweep: ["sweep.json", "cells.csv"]
            case .confirmation: ["confirmation.json", "cells.csv"]
            case .training: ["report.json", "curve.csv", "propagation.csv"]
            }
        return [ReportBundle.manifestName, "report.html", "report.md"] + own
    }

    /// The folder of figures within a report's.
    public static let figures = "figures"

    /// Whether a file of some report can have this name, relative to the report's folder.
    public static func canHold(_ name: String) -> Bool {
        if allCases.contains(where: { $0.names.contains(name) }) { return true }
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].elementsEqual(figures.utf8)
            && parts[1].first != UInt8(ascii: ".") && parts[1].ends(with: ".svg".utf8)
    }
}

extension Substring.UTF8View {
    fileprivate func ends(with end: String.UTF8View) -> Bool { suffix(end.count).elementsEqual(end) }
}
