import Claims
import Kernels
import Testing

/// Every claim holds of the networks that the library builds.
@Suite("Claims on sound networks")
struct SoundNetworksTests {
    @Test("In double precision, whatever the seed", arguments: [0, 1, 2, 0x1_0000_0003] as [UInt64])
    func double(seed: UInt64) throws {
        try expectAll(ClaimReport(testing: ClaimCatalogue.paper, on: TestBench<Double>(seed: seed)))
    }

    @Test("In single precision, whatever the seed", arguments: [0, 1, 2, 0x1_0000_0003] as [UInt64])
    func single(seed: UInt64) throws {
        try expectAll(ClaimReport(testing: ClaimCatalogue.paper, on: TestBench<Float>(seed: seed)))
    }

    private func expectAll(_ report: ClaimReport) {
        #expect(report.findings.count == ClaimCatalogue.paper.count)
        for finding in report.findings {
            #expect(finding.passed, "\(finding)")
            #expect(finding.measurements.allSatisfy { $0.value.isFinite }, "\(finding.name)")
        }
        #expect(report.allHold)
    }

    @Test("The same seed gives the same numbers, another seed others")
    func repeatability() throws {
        let claims = try ClaimCatalogue.named(["cancellation", "dropout", "gate"])
        func report(_ seed: UInt64) throws -> ClaimReport {
            try ClaimReport(testing: claims, on: TestBench<Double>(seed: seed))
        }
        let first = try report(5)
        #expect(try report(5) == first)
        #expect(try report(6).findings != first.findings)
    }

    /// A statement that is false as it stands says so, with a number.
    @Test(arguments: ["vanishing", "dropout", "small-weights", "gate"])
    func falseFormsAreNamed(name: String) throws {
        let claims = try ClaimCatalogue.named([name])
        let finding = try #require(
            try ClaimReport(testing: claims, on: TestBench<Double>()).findings.first)
        let remark = try #require(finding.remark)
        #expect(remark.hasPrefix("False ") && remark.contains { $0.isNumber })
    }
}
