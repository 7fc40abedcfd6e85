import Foundation
import ResidualNetworks

/// What the paper reports of a network: its test error, with the data and the depth that it is of.
enum PaperFinding {
    /// A sentence; `nil` for a network that is none of the paper's at any depth.
    static func sentence(for design: NetworkDesign) -> String? {
        guard let row = row(for: design) else { return nil }
        let depth =
            row.depth == design.depth
            ? "\(row.depth) layers" : "with \(row.depth) layers rather than \(design.depth)"
        return "In the paper (\(row.dataSet.rawValue), \(depth)): \(result(of: row)) (\(row.table.label))."
    }

    /// The row of the same architecture, width, block, unit and shortcut, on data of as many classes; the nearest depth.
    private static func row(for design: NetworkDesign) -> PaperRow? {
        let architecture = CIFARArchitecture()
        guard design.architecture.name == architecture.name, design.baseWidth == architecture.baseWidth,
            BlockDesign.paper.contains(design.block), design.hasUnitsOfLayout
        else { return nil }
        let dataSet: PaperRow.DataSet = design.classes == 100 ? .cifar100 : .cifar10
        return PaperTable.allCases.flatMap { $0.rows(on: dataSet) }
            .filter {
                $0.block == design.block.name && $0.unit == design.layout.name && $0.covers(design.shortcut)
            }
            .min { abs($0.depth - design.depth) < abs($1.depth - design.depth) }
    }

    private static func result(of row: PaperRow) -> String {
        switch row.published {
        case .fails: "fails to converge"
        case .error(let percent): String(format: "%.2f %% test error", percent)
        case .untold: "no test error"
        }
    }
}
