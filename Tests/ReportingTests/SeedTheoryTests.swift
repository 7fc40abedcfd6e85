import Analysis
import Testing

@testable import Reporting

struct SeedTheoryTests {
    private static func verdict(
        _ departure: Double, rows: Int = 13, reason: String? = nil
    ) -> QuantityVerdict {
        guard reason == nil else {
            return QuantityVerdict(quantity: "direct_log10", outcome: .cannotSay, reason: reason)
        }
        return QuantityVerdict(
            quantity: "direct_log10",
            outcome: abs(departure) > 0.2 ? .departs : rows < 13 ? .agreesInPart : .agrees, unit: 3,
            departure: departure, modelAllowance: 0.14, standardError: 0.02, comparedRows: rows, rows: 13)
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
        #expect(
            line.sentence
                == "agrees with 3 of 3 seeds: off by at most −0.15 of 0.20 allowed decades at x_3 (seed 11)")
        #expect(SeedTheory.summary(statistics) == "agrees")
    }

    @Test("One seed that departs is a departure, told with the one that departs furthest")
    func departs() throws {
        let statistics = Self.statistics([0.1, 0.3, 0.5].map { Self.verdict($0) })
        let line = try #require(SeedTheory.lines(statistics, minus: "−").first)
        #expect(line.outcome == .departs)
        #expect(
            line.sentence
                == "departs with 2 of 3 seeds, first by +0.50 of 0.20 allowed decades at x_3 (seed 12)")
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

    @Test("A verdict says what was judged, and no number of standard errors")
    func sentences() {
        #expect(
            Summary.theory(Self.verdict(-0.15), minus: "−")
                == "agrees: off by at most −0.15 of 0.20 allowed decades at x_3 (0.14 model + 3 × 0.020 s.e.)"
        )
        #expect(
            Summary.theory(Self.verdict(0.3), minus: "−")
                == "departs first at x_3: by +0.30 of 0.20 allowed decades (0.14 model + 3 × 0.020 s.e.)")
        var exact = Self.verdict(0.1)
        exact.standardError = 0
        #expect(
            Summary.theory(exact, minus: "−")
                == "agrees: off by at most +0.10 of 0.14 allowed decades at x_3 (0.14 model)")
        #expect(exact.standardErrors == nil)
        // 0.15 decades of 0.02: the number that reads as a rejection stays in the data.
        #expect(abs((Self.verdict(-0.15).standardErrors ?? 0) - 7.5) < 1e-12)
    }

    @Test("Where only some rows could be compared, agreement says on how many")
    func partly() throws {
        #expect(
            Summary.theory(Self.verdict(0.1, rows: 2), minus: "−")
                == "agrees on 2 of 13 rows: off by at most +0.10 of 0.20 allowed decades at x_3 (0.14 model + 3 × 0.020 s.e.)"
        )
        let statistics = Self.statistics([Self.verdict(0.1), Self.verdict(0.15, rows: 2)])
        let line = try #require(SeedTheory.lines(statistics, minus: "−").first)
        #expect(line.outcome == .agreesInPart && line.sign == "–")
        #expect(
            line.sentence
                == "agrees with 2 of 2 seeds, with 1 on some rows only: off by at most +0.15 of 0.20 allowed decades at x_3 (seed 11)"
        )
        #expect(SeedTheory.summary(statistics) == "agrees in part: direct_log10")
    }

    @Test("What theory cannot say does not read as a departure")
    func summaryOfSeveral() {
        var result = SyntheticResult.small()
        func named(_ name: String, _ verdict: QuantityVerdict) -> QuantityVerdict {
            var verdict = verdict
            verdict.quantity = name
            return verdict
        }
        result.theory = [
            named("a", Self.verdict(0.1)), named("b", Self.verdict(0, reason: "it left the range")),
            named("c", Self.verdict(0.1, rows: 2)),
        ]
        #expect(
            SeedTheory.summary(SeedStatistics(seeds: [0], results: [result]))
                == "agrees; agrees in part: c; cannot say: b")
    }

    @Test("Where nothing was held against theory, nothing is said")
    func absent() {
        let statistics = SyntheticSeeds.five()
        #expect(SeedTheory.lines(statistics, minus: "−").isEmpty && SeedTheory.summary(statistics) == nil)
    }
}
