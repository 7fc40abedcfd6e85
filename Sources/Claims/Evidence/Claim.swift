import Kernels

/// A statement of the paper (He, Zhang, Ren, Sun 2016, "Identity Mappings in Deep Residual Networks") as an
/// executable check on freshly built networks.
///
/// A statement that is false as it stands is not bent until it passes: what is checked, and stated, is the form
/// that is true, and the finding's remark says what the simpler form gets wrong.
public protocol Claim: Sendable {
    /// The word for it on the command line.
    var name: String { get }
    /// What is claimed, in one sentence of our own words.
    var statement: String { get }
    /// Where the paper makes it: section, and equation or figure.
    var place: String { get }
    /// Measures it on networks that the bench makes. What is expected comes from the claim alone, so that a bench
    /// that makes wrong networks fails it.
    ///
    /// - Throws: `ClaimError`, the network's or a kernel's error, where it could not be measured.
    func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding
}

extension Claim {
    func finding(_ measurements: [ClaimMeasurement], remark: String? = nil) -> ClaimFinding {
        ClaimFinding(
            name: name, statement: statement, place: place, measurements: measurements, remark: remark)
    }
}
