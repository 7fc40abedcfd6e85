import Analysis
import Testing

@testable import Reporting

struct SeedTheoryTests {
    private static func verdict(_ departure: Double, reason: String? = nil) -> QuantityVerdict {
        guard reason == nil else {
            return QuantityVerdict(quantity: "direct_log10", outcome: .cannotSay, reason: reason)
        }
        return QuantityVerdict(
            quantity: "direct_log10", outcome: abs(departure) > 0.2 ? .departs : .agrees, unit: 3,
            departure: departure, allowance: 0.2)
    }

    private static func statistics(_ verdicts: [QuantityVerdict]) -> SeedStatistics {
        let results = verdicts.map { verdict in
            var result = SyntheticResult.small()
            result.theory = [verdict]
            return result
        }
        return SeedStatistics(seeds: verdicts.indices.map { UInt64(10 + $0) }, results: results)
    }

    @Test("Agreement with every seed is agreement, told with the seed that is nearest to the allowance")
    func agrees() throws {
        let statistics = Self.statistics([0.1, -0.15, 0.05].map { Self.verdict($0) })
        let line = try #require(SeedTheory.lines(statistics, minus: "−").first)
        #expect(line.outcome == .agrees)
        #expect(line.sentence == "agrees with 3 of 3 seeds, at most −0.15 decades at x_3 (seed 11)")
        #expect(SeedTheory.summary(statistics) == "agrees")
    }

    @Test("One seed that departs is a departure, told with the one that departs furthest")
    func departs() throws {
        let statistics = Self.statistics([0.1, 0.3, 0.5].map { Self.verdict($0) })
        let line = try #require(SeedTheory.lines(statistics, minus: "−").first)
        #expect(line.outcome == .departs)
        #expect(line.sentence == "departs with 2 of 3 seeds, first by +0.50 decades at x_3 (seed 12)")
        #expect(SeedTheory.summary(statistics) == "departs: direct_log10")
    }

    @Test("What cannot be said says why, though other seeds agree")
    func cannotSay() throws {
        let statistics = Self.statistics([Self.verdict(0.1), Self.verdict(0, reason: "it left the range")])
        let line = try #require(SeedTheory.lines(statistics, minus: "−").first)
        #expect(line.outcome == .cannotSay)
        #expect(line.sentence == "cannot say with 1 of 2 seeds: it left the range")
        #expect(SeedTheory.summary(statistics) == "cannot say")
    }

    @Test("Where nothing was held against theory, nothing is said")
    func absent() {
        let statistics = SyntheticSeeds.five()
        #expect(SeedTheory.lines(statistics, minus: "−").isEmpty && SeedTheory.summary(statistics) == nil)
    }
}
