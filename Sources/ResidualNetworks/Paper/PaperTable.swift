/// A table of He, Zhang, Ren, Sun, “Identity Mappings in Deep Residual Networks”, 2016.
public enum PaperTable: String, Sendable, Codable, CaseIterable {
    case table1, table2, table3

    public var title: String {
        switch self {
        case .table1: "\(label): shortcuts, with the original unit (f = ReLU)"
        case .table2: "\(label): usages of activation"
        case .table3: "\(label): original against pre-activation units"
        }
    }

    /// "Table 1"
    public var label: String {
        switch self {
        case .table1: "Table 1"
        case .table2: "Table 2"
        case .table3: "Table 3"
        }
    }

    /// The figure of the paper that shows training curves of these rows.
    public var figure: String {
        switch self {
        case .table1: "Fig. 3"
        case .table2, .table3: "Fig. 6"
        }
    }

    /// The rows that the paper trained on a data set, in its order.
    public func rows(on dataSet: PaperRow.DataSet) -> [PaperRow] { rows.filter { $0.dataSet == dataSet } }

    public var rows: [PaperRow] {
        switch self {
        case .table1: Self.shortcuts
        case .table2: Self.activations
        case .table3: Self.preactivation
        }
    }

    /// ResNet-110 on CIFAR-10. The gate that fails “from 0 to −5” stands for all of these with its 0.
    private static let shortcuts: [PaperRow] = {
        let rows: [(String, PaperRow.Published, String)] = [
            ("identity", .error(percent: 6.61), "Fig. 2(a)"),
            ("none", .fails, "Fig. 2(b)"),
            ("scale0.5", .fails, "Fig. 2(b)"),
            ("scale0.5,0.5", .error(percent: 12.35), "Fig. 2(b)"),
            ("gate-exclusive:0", .fails, "Fig. 2(c)"),
            ("gate-exclusive:-6", .error(percent: 8.70), "Fig. 2(c)"),
            ("gate-exclusive:-7", .error(percent: 9.81), "Fig. 2(c)"),
            ("gate-shortcut:0", .error(percent: 12.86), "Fig. 2(d)"),
            ("gate-shortcut:-6", .error(percent: 6.91), "Fig. 2(d)"),
            ("conv1x1", .error(percent: 12.22), "Fig. 2(e)"),
            ("dropout0.5", .fails, "Fig. 2(f)"),
        ]
        return rows.map {
            PaperRow(table: .table1, shortcut: $0.0, unit: .original, published: $0.1, place: $0.2)
        }
    }()

    /// ResNet-110 and ResNet-164 on CIFAR-10.
    private static let activations: [PaperRow] = {
        let units: [(UnitLayout, Double, Double, String)] = [
            (.original, 6.61, 5.93, "Fig. 4(a)"),
            (.normalizationAfterAddition, 8.17, 6.50, "Fig. 4(b)"),
            (.rectifierBeforeAddition, 7.84, 6.14, "Fig. 4(c)"),
            (.rectifierOnlyPreactivation, 6.71, 5.91, "Fig. 4(d)"),
            (.fullPreactivation, 6.37, 5.46, "Fig. 4(e)"),
        ]
        func row(_ unit: UnitLayout, _ block: BlockDesign, _ depth: Int, _ percent: Double, _ place: String)
            -> PaperRow
        {
            PaperRow(
                table: .table2, unit: unit, block: block, depth: depth, published: .error(percent: percent),
                place: place)
        }
        return units.map { row($0.0, .basic, 110, $0.1, $0.3) }
            + units.map { row($0.0, .bottleneck, 164, $0.2, $0.3) }
    }()

    /// Each depth with the original and the full pre-activation unit.
    private static let preactivation: [PaperRow] = {
        let pairs: [(PaperRow.DataSet, BlockDesign, Int, Double, Double)] = [
            (.cifar10, .single, 110, 9.90, 8.91), (.cifar10, .basic, 110, 6.61, 6.37),
            (.cifar10, .bottleneck, 164, 5.93, 5.46), (.cifar10, .bottleneck, 1001, 7.61, 4.92),
            (.cifar100, .bottleneck, 164, 25.16, 24.33), (.cifar100, .bottleneck, 1001, 27.82, 22.71),
        ]
        return pairs.flatMap { dataSet, block, depth, original, preactivated in
            [(UnitLayout.original, original), (.fullPreactivation, preactivated)].map { unit, percent in
                PaperRow(
                    table: .table3, unit: unit, block: block, depth: depth, dataSet: dataSet,
                    published: .error(percent: percent), place: "Table 3")
            }
        }
    }()
}
