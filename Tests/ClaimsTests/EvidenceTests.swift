import Claims
import Testing

/// What it takes for a number, a finding and a report to pass.
@Suite("Evidence")
struct EvidenceTests {
    @Test func boundsIncludeTheirEnds() {
        #expect(Requirement.atMost(1).holds(for: 1) && !Requirement.atMost(1).holds(for: 1.01))
        #expect(Requirement.atLeast(1).holds(for: 1) && !Requirement.atLeast(1).holds(for: 0.99))
        #expect(Requirement.near(2, within: 0.5).holds(for: 2.5))
        #expect(!Requirement.near(2, within: 0.5).holds(for: 1.49))
    }

    @Test(
        arguments: [.atMost(.infinity), .atLeast(-.infinity), .near(0, within: .infinity)] as [Requirement])
    func notANumberHoldsNothing(requirement: Requirement) {
        #expect(!requirement.holds(for: .nan))
    }

    private func finding(_ measurements: [ClaimMeasurement]) -> ClaimFinding {
        ClaimFinding(name: "n", statement: "s", place: "p", measurements: measurements)
    }

    @Test func findingNeedsARequirementAndAllOfThem() {
        let good = ClaimMeasurement("q", 0, .atMost(1), because: "r")
        let bad = ClaimMeasurement("q", 2, .atMost(1), because: "r")
        let told = ClaimMeasurement.told("q", 2, "m")
        #expect(finding([good, told]).passed)
        #expect(!finding([good, bad]).passed)
        #expect(!finding([told]).passed && !finding([]).passed, "nothing was held against anything")
        #expect(told.holds == nil)
        let report = ClaimReport(findings: [finding([good]), finding([bad])], seed: 0, precision: "double")
        #expect(!report.allHold)
    }

    @Test func claimsAreNamedOnceAndSayWhereTheyStand() {
        let claims = ClaimCatalogue.paper
        #expect(Set(claims.map(\.name)).count == claims.count)
        #expect(claims.allSatisfy { $0.place.contains("Section") && $0.statement.hasSuffix(".") })
        for equation in ["4", "5", "7", "8", "9"] { #expect(claims.contains { $0.name == "eqn" + equation }) }
    }

    @Test func wordsChooseClaimsInThePapersOrder() throws {
        #expect(try ClaimCatalogue.named(["gate", "eqn4", "gate"]).map(\.name) == ["eqn4", "gate"])
        #expect(try ClaimCatalogue.named([]).count == ClaimCatalogue.paper.count)
        #expect {
            try ClaimCatalogue.named(["eqn4", "dropuot"])
        } throws: { error in
            guard case ClaimError.unknown("dropuot", let known, "dropout") = error else { return false }
            return known == ClaimCatalogue.paper.map(\.name)
        }
    }
}
