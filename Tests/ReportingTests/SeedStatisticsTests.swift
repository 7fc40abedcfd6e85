import Analysis
import Testing

@testable import Reporting

struct SeedStatisticsTests {
    @Test("Median and quartiles are those of R's and NumPy's default")
    func quartiles() {
        // numpy.quantile([1, 2, 4, 8], [.25, .5, .75]) = 1.75, 3, 5
        let band = QuartileBand([8, 1, 4, 2])
        #expect(band.lowerQuartile == 1.75 && band.median == 3 && band.upperQuartile == 5)
        #expect(band.count == 4)
    }

    // n seeds, k of them with a value: given where k > n / 2.
    @Test(
        "A median needs a value from more than half of the seeds",
        arguments: [
            (1, 1, true), (1, 0, false), (2, 1, false), (2, 2, true), (5, 2, false), (5, 3, true),
            (6, 3, false),
        ])
    func required(seeds: Int, found: Int, isGiven: Bool) {
        let values = (0..<seeds).map { $0 < found ? Double($0) : nil }
        let band = QuartileBand(values)
        #expect(band.count == found)
        #expect((band.median != nil) == isGiven && (band.upperQuartile != nil) == isGiven)
    }

    @Test("What is not finite counts as no value")
    func nonFinite() {
        #expect(QuartileBand([1, .nan, .infinity]).count == 1)
        #expect(QuartileBand([1, .nan, .infinity]).median == nil)
        #expect(QuartileBand([]).median == nil)
    }

    @Test("Every measured column has a band in every row")
    func columns() {
        let statistics = SyntheticSeeds.five()
        #expect(statistics.rows.count == 13)
        for row in statistics.rows { #expect(Set(row.bands.keys) == Set(SeedTable.measured.map(\.name))) }
        // −1.5 + 0.125 · 12 = 0 at x_0, moved by 0, ¼, −½, 1, ⅛.
        let band = statistics.rows[0].bands["gradient_log10"]
        #expect(band?.median == 0.125 && band?.lowerQuartile == 0 && band?.upperQuartile == 0.25)
        #expect(statistics.rows[0].bands["direct_log10"]?.count == 4)
    }

    @Test("One seed's median is its value")
    func oneSeed() {
        let result = SyntheticResult.small()
        let statistics = SeedStatistics(seeds: [3], results: [result])
        for (row, unit) in zip(statistics.rows, result.units) {
            for column in SeedTable.measured {
                #expect(row.bands[column.name]?.median == column.number(unit))
            }
        }
    }

    @Test("A check that fails with one seed fails, and names that seed")
    func checks() throws {
        var results = [SyntheticSeeds.moved(0), SyntheticSeeds.moved(1), SyntheticSeeds.moved(2)]
        // Smaller than the largest error that holds: it is the outcome that counts.
        results[1].checks[0].worstError = 1e-12
        results[1].checks[0].passed = false
        let statistics = SeedStatistics(seeds: [4, 5, 6], results: results)
        #expect(statistics.checks[0].worst.passed == false && statistics.checks[0].seed == 5)
        #expect(!statistics.allChecksHold)
        #expect(SeedSummary(statistics: statistics).alerts == ["Failed checks: sum (seed 5)."])
    }

    @Test("The CSV holds four columns for every measured one, and nulls as nothing")
    func csv() {
        let lines = SeedTable.csv(SyntheticSeeds.five()).split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(lines.count == 14)
        #expect(lines.allSatisfy { $0.count == 3 + 4 * SeedTable.measured.count })
        #expect(lines[0][3] == "forward_rms_median" && lines[0][6] == "forward_rms_count")
    }
}
