import Analysis
import Testing

@testable import Reporting

struct ComparisonTests {
    @Test("Least change per unit comes first, a direct term that vanished last")
    func ranking() {
        // |slopes of direct|: 0 of identity, .304 of scale0.5; dropout's is no measure of it.
        #expect(SyntheticSeeds.comparison().networks.map(\.name) == ["identity", "scale0.5", "dropout0.5"])
        // |slopes of the total|: .139 of dropout0.5, .1702 of the others, whose direct terms decide.
        #expect(
            SyntheticSeeds.comparison(ranking: .total).networks.map(\.name) == [
                "dropout0.5", "identity", "scale0.5",
            ])
    }

    @Test("One sentence says what becomes of the direct term of each network")
    func sentence() {
        #expect(
            ComparisonTable.sentence(SyntheticSeeds.comparison())
                == "identity keeps the direct term; scale0.5 loses 3.8 decades over 12 units; "
                + "dropout0.5 cuts the direct term at x_4.")
        // What dropout's direct term did before it died is no slope to rank or to print.
        let columns = ComparisonTable.columns(SyntheticSeeds.comparison(), minus: "−")
        let slopes = columns.first { $0.heading == "direct/unit" }?.cells
        #expect(slopes == ["0.0000", "−0.3041", nil])
        let paths = columns.first { $0.heading == "shortcut path" }?.cells
        #expect(paths == ["intact", "attenuated", "dead"])
    }

    @Test("Seeds that differ are counted")
    func seedsThatDiffer() {
        let summary = SeedSummary(statistics: SyntheticSeeds.five())
        #expect(summary.shortcutPathWords == "attenuated 4, dead 1")
        #expect(summary.headline == "Shortcut path: attenuated with 4 of 5 seeds, dead with 1")
        #expect(summary.concern == .grave)
        #expect(
            summary.sentences[0]
                == "The shortcuts lose 3.8 decades over 12 units, and cut it at x_0 with 1 of 5 seeds.")
        let one = SeedSummary(
            statistics: SeedStatistics(seeds: [3], results: [SyntheticSeeds.moved(0)]))
        #expect(one.headline == "Shortcut path: attenuated with 1 of 1 seed" && one.concern == .doubtful)
    }

    @Test("Growth counts as much as decay")
    func sign() {
        var (grows, decays) = (SyntheticSeeds.moved(0), SyntheticSeeds.moved(0))
        grows.verdict.directLog10PerUnit = 0.2
        decays.verdict.directLog10PerUnit = -0.1
        let networks = [("grows", grows), ("decays", decays)].map { name, result in
            Comparison.Network(
                name: name, statistics: SeedStatistics(seeds: [0], results: [result]), configuration: [:])
        }
        #expect(Ranking.direct.ranked(networks).map(\.name) == ["decays", "grows"])
    }

    @Test("Differences below what is printed are ties, which the other part decides")
    func ties() {
        var (uneven, even) = (SyntheticSeeds.moved(0), SyntheticSeeds.moved(0))
        uneven.verdict.directLog10PerUnit = 1e-9
        uneven.verdict.gradientLog10PerUnit = 0.3
        even.verdict.directLog10PerUnit = -2e-8
        even.verdict.gradientLog10PerUnit = -0.1
        let networks = [("uneven", uneven), ("even", even)].map { name, result in
            Comparison.Network(
                name: name, statistics: SeedStatistics(seeds: [0], results: [result]), configuration: [:])
        }
        #expect(Ranking.direct.ranked(networks).map(\.name) == ["even", "uneven"])
    }

    @Test("Only options that differ are told")
    func differences() { #expect(SyntheticSeeds.comparison().differences == ["depth", "shortcut"]) }

    @Test("Units keep their values at their own relative depth")
    func resampling() {
        let depth = RelativeDepth(unitCounts: [12, 6, 9])
        #expect((depth.rowCount - 1) % 12 == 0 && depth.rowCount > 400)
        let last = depth.rowCount - 1
        let values = (0...6).map { $0 == 2 ? nil : Double($0 * $0) }
        let rows = depth.resampled(values)
        for (unit, value) in values.enumerated() { #expect(rows[unit * last / 6] == value, "\(unit)") }
        // Halfway between 4² and 5², and beside a null.
        #expect(rows[9 * last / 12] == (16.0 + 25) / 2)
        #expect(rows[3 * last / 12] == nil && rows[5 * last / 12] == nil)
        #expect(depth.resampled([3]).allSatisfy { $0 == 3 })
    }

    @Test("Networks of one depth stand against units, others against relative depth")
    func abscissa() {
        #expect(Overlay(SyntheticSeeds.comparison()).depth != nil)
        let networks = ["a", "b"].map { name in
            Comparison.Network(
                name: name, statistics: SeedStatistics(seeds: [0], results: [SyntheticSeeds.moved(0)]),
                configuration: [:])
        }
        let overlay = Overlay(
            Comparison(networks, ranking: .direct, manifest: SyntheticResult.manifest))
        #expect(overlay.depth == nil && overlay.rowCount == 13)
    }

    @Test("Many networks of long names keep within the terminal and the drawing")
    func many() {
        let networks = (0..<20).map { index in
            Comparison.Network(
                name: "gate-exclusive:-\(index), a long name",
                statistics: SeedStatistics(
                    seeds: [0, 1], results: [SyntheticSeeds.moved(Double(index)), SyntheticSeeds.moved(1)]),
                configuration: [:])
        }
        let comparison = Comparison(networks, ranking: .direct, manifest: SyntheticResult.manifest)
        for style in [TerminalStyle(width: 80), TerminalStyle(width: 100, unicode: false)] {
            let lines = ComparisonReport(comparison).terminal(style).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= style.width })
        }
        // Twenty names take several lines of the legend, and the plot moves down.
        let svg = Figure.all(comparison)[0].svg
        let tops = svg.matches(of: #/<text x="(\d+)[\d.]*" y="(\d+)">gate/#).compactMap { Int($0.2) }
        #expect(tops.count == 20 && Set(tops).count > 3)
    }
}
