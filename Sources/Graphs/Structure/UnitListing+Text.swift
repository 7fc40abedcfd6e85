extension UnitListing: CustomStringConvertible {
    /// As plain text: a table of the units, one of the sums that are none, and the remarks.
    public var description: String {
        var parts: [String] = [summary]
        if !units.isEmpty {
            parts.append(
                Self.table(
                    [
                        "label", "merge", "kind", "level", "stack", "fork", "shortcut", "branch", "layers",
                        "shape",
                    ],
                    units.map { unit in
                        [
                            unit.label, Self.list(unit.merges), unit.kind.description, "\(unit.level)",
                            "\(unit.stack)", Self.list(unit.forks), Self.list(unit.shortcut),
                            Self.list(unit.branch), "\(unit.weightLayers)", unit.shape.description,
                        ]
                    }))
        }
        if !rejected.isEmpty {
            parts.append(
                Self.table(
                    ["label", "merge", "operands", "no unit because"],
                    rejected.map { [$0.label, $0.merge, Self.list($0.operands), $0.reason.description] }))
        }
        return (parts + remarks).joined(separator: "\n\n")
    }

    /// How many units, stacks and other sums there are.
    public var summary: String {
        let sums = rejected.count == 1 ? "1 sum of signals" : "\(rejected.count) sums of signals"
        guard !units.isEmpty else {
            let counts = [
                (UnitRoles.Refusal.operandsAlike, "with operands alike"),
                (.noBranch, "with no operand that has weight layers of its own"),
                (.separateInputs, "with operands from separate inputs"), (.excluded, "excluded by the user"),
            ].map { reason, words in (rejected.count { $0.reason == reason }, words) }
                .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            return "No residual unit found: \(sums)"
                + (counts.isEmpty ? "." : ", of which " + counts.joined(separator: ", ") + ".")
        }
        let stacks = Set(units.map(\.stack)).count
        let found =
            (units.count == 1 ? "1 unit" : "\(units.count) units") + " in "
            + (stacks == 1 ? "1 stack" : "\(stacks) stacks")
        guard !rejected.isEmpty else { return found + "." }
        return found + "; \(sums) that " + (rejected.count == 1 ? "is no unit." : "are no unit.")
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    /// Columns as wide as their widest cell, the last as it is.
    private static func table(_ heads: [String], _ rows: [[String]]) -> String {
        let lines = [heads] + rows
        let widths = heads.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            zip(cells, widths).enumerated().map { column, cell in
                let padding = column + 1 == cells.count ? 0 : cell.1 - cell.0.count
                return cell.0 + String(repeating: " ", count: padding)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

extension UnitRoles.Kind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .identity: "identity"
        case .weightFree: "weight-free"
        case .projection: "projection"
        case .override: "override"
        }
    }
}

extension UnitRoles.Refusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noBranch: "no operand has weight layers of its own"
        case .separateInputs: "operands from separate inputs"
        case .operandsAlike: "operands alike"
        case .excluded: "excluded by the user"
        }
    }
}
