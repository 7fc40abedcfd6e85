import Analysis
import Tensors

@testable import Reporting

/// Several seeds, networks and cells made by formula from one synthetic result.
enum SyntheticSeeds {
    /// The small result with everything logarithmic moved by some decades, and slopes to match.
    static func moved(_ decades: Double, carrier: Verdict.Carrier = .weights) -> AnalysisResult {
        var result = SyntheticResult.small()
        for index in result.units.indices {
            result.units[index].gradient = result.units[index].gradient.moved(decades)
            result.units[index].direct = result.units[index].direct.moved(decades / 2)
            result.units[index].throughWeights = result.units[index].throughWeights.moved(decades)
            result.units[index].forwardRMS? += decades / 8
            result.units[index].channelMeanSquare? += decades / 32
            result.units[index].cosine? += decades / 64
        }
        result.loss? += decades / 4
        result.verdict.directLog10PerUnit? += decades / 64
        result.verdict.gradientLog10PerUnit? += decades / 32
        result.verdict.carrier = carrier
        return result
    }

    static func five() -> SeedStatistics {
        let moves = [0, 0.25, -0.5, 1, 0.125]
        var results = moves.map { moved($0) }
        // One seed loses its direct term; one differs in its carrier.
        results[3].units[0].direct = .zero
        results[3].directVanishesAtUnit = 0
        results[3].verdict.shortcutPath = .dead
        results[3].verdict.shortcutDecades = nil
        results[3].verdict.directLog10PerUnit = nil
        results[4].verdict.carrier = .both
        return SeedStatistics(seeds: [7, 8, 9, 10, 11], results: results)
    }

    static func comparison(ranking: Ranking = .direct) -> Comparison {
        var shallow = SyntheticResult.small()
        shallow.units = Array(shallow.units.prefix(7))
        shallow.network.units = 6
        shallow.verdict.shortcutPath = .intact
        shallow.verdict.shortcutDecades = 0
        shallow.verdict.directLog10PerUnit = 0
        var vanished = moved(-1)
        vanished.directVanishesAtUnit = 4
        vanished.verdict.shortcutPath = .dead
        vanished.verdict.shortcutDecades = nil
        vanished.verdict.directLog10PerUnit = nil
        let networks: [(String, String, AnalysisResult)] = [
            ("scale0.5", "12", moved(0)), ("identity", "6", shallow), ("dropout0.5", "12", vanished),
        ]
        return Comparison(
            networks.map { name, units, result in
                Comparison.Network(
                    name: name, statistics: SeedStatistics(seeds: [0], results: [result]),
                    configuration: ["shortcut": name, "depth": units, "batch": "16"])
            }, ranking: ranking, manifest: SyntheticResult.manifest)
    }

    static func sweep(rows: String? = nil, columns: String? = nil) -> Sweep {
        let axes = [
            Sweep.Axis(name: "depth", values: ["20", "56"]),
            Sweep.Axis(name: "shortcut", values: ["identity", "scale0.5,0.5", "dropout0.5"]),
            Sweep.Axis(name: "seed", values: ["0", "1", "2"]),
        ]
        var cells: [Sweep.Cell] = []
        for (row, depth) in axes[0].values.enumerated() {
            for (column, shortcut) in axes[1].values.enumerated() {
                for (index, seed) in axes[2].values.enumerated() where row + column + index < 5 {
                    let value = Double(row + 1) * -1.5 * Double(column) + 0.25 * Double(index * index)
                    let isNull = shortcut == "dropout0.5" && depth == "56"
                    cells.append(
                        Sweep.Cell(
                            coordinates: [depth, shortcut, seed],
                            quantities: ["direct_log10": isNull ? nil : value, "loss": 2.25],
                            checksHold: !(depth == "20" && shortcut == "identity" && seed == "1"),
                            seconds: 0.5))
                }
            }
        }
        return Sweep(
            axes: axes, cells: cells,
            failures: [.init(cell: "depth 56, shortcut dropout0.5, seed 2", reason: "It does not fit.")],
            quantities: ["direct_log10", "loss"].compactMap(SummaryQuantity.named), rows: rows,
            columns: columns, manifest: SyntheticResult.manifest)
    }
}

extension LogNorm {
    fileprivate func moved(_ decades: Double) -> LogNorm { value.map { .log10($0 + decades) } ?? self }
}
