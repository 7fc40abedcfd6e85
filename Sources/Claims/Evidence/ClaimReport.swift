import Kernels
import ResidualNetworks

/// The findings of one verification, with what is needed to repeat it.
public struct ClaimReport: Sendable, Equatable {
    public let findings: [ClaimFinding]
    /// Of one's own functions.
    public let omitted: [OmittedClaim]
    /// Functions of one's own that they are made of.
    public var functions: [DesignFunction] = []
    public let seed: UInt64
    /// `single` or `double`.
    public let precision: String

    public init(findings: [ClaimFinding], omitted: [OmittedClaim] = [], seed: UInt64, precision: String) {
        self.findings = findings
        self.omitted = omitted
        self.seed = seed
        self.precision = precision
    }

    /// Puts claims to the test one after another.
    ///
    /// - Parameter progress: called after every claim.
    /// - Throws: the error of the first claim that could not be measured.
    public init<Scalar: KernelScalar>(
        testing claims: [any Claim], omitting omitted: [OmittedClaim] = [], on bench: TestBench<Scalar>,
        progress: () -> Void = {}
    ) throws {
        findings = try claims.map { claim in
            defer { progress() }
            return try claim.evaluate(on: bench)
        }
        self.omitted = omitted
        seed = bench.seed
        precision = Scalar.precisionName
    }

    public var allHold: Bool { findings.allSatisfy(\.passed) }
}
