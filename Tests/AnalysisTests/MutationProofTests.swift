import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Derivatives that are wrong on purpose. Used alike in all three recursions they keep g = d + w, which is why
/// that check alone proves nothing; a probe must fail. Where the push-forward is wrong in the same way, only
/// the loss difference is left to notice.
@Suite("Mutation proofs")
struct MutationProofTests {
    private static let source = HeInitialization(seed: 2)
    private static let width = 6

    /// A fully connected unit by parts, any of which may be a mutant.
    private struct Parts {
        var shortcut: @Sendable (Int) -> any Shortcut<Double> = { _ in MapShortcut(IdentityMap()) }
        var rectifier: @Sendable (Int) -> any DifferentiableMap<Double> = { _ in Rectifier() }
        var normalization: @Sendable (BatchNormalization<Double>) -> any DifferentiableMap<Double> = { $0 }
        var after: @Sendable (Int) -> any AfterAddition<Double> = { _ in IdentityMap() }
        /// The branch times a number; 0 leaves every x_l where it is.
        var branchFactor = 1.0
    }

    /// BN, ReLU, weight in every branch; five units; the parts of unit 2 alone are taken from `mutated`.
    private func checks(
        _ right: Parts = Parts(), mutated: Parts? = nil, probes: AnalysisOptions.Probes = .all,
        images: UInt64 = 9
    ) throws -> [String: Bool] {
        try result(right, mutated: mutated, probes: probes, images: images).checks
            .reduce(into: [:]) { $0[$1.name] = $1.passed }
    }

    private func result(
        _ right: Parts, mutated: Parts? = nil, probes: AnalysisOptions.Probes = .all, images seed: UInt64 = 9
    ) throws -> AnalysisResult {
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .single, unitsPerStage: 5, baseWidth: Self.width,
            classes: 4, input: Shape(1, 5))
        let plain = try Network<Double>(design, parameters: Self.source)
        let units = try (0..<5).map { l in
            let parts = l == 2 ? mutated ?? right : right
            let normalization = try BatchNormalization<Double>(
                name: "units.\(l).bn", channels: Self.width, activation: .none, from: Self.source)
            let weight = try Convolution<Double>(
                name: "units.\(l).weight", inputs: Self.width, outputs: Self.width, kernel: 1,
                from: Self.source)
            return ResidualUnit<Double>(
                shortcut: parts.shortcut(l),
                branch: ScaledMap(
                    parts.branchFactor,
                    Sequential([parts.normalization(normalization), parts.rectifier(l), weight])),
                after: parts.after(l))
        }
        let network = Network(design: design, stem: plain.stem, units: units, head: plain.head)
        let shape = Shape(12, 5)
        let images: Tensor<Double> = randomTensor(shape, seed: seed, name: "images")
        let batch = LabelledBatch(images.elements, shape: shape, labels: (0..<12).map { $0 % 4 })
        return try SignalAnalysis(network, on: batch, options: AnalysisOptions(probes: probes)).run()
    }

    /// The same networks with right derivatives: what fails below fails because of the mutation.
    @Test func rightDerivativesPass() throws {
        for parts in [
            Parts(), Parts(shortcut: Self.half), Parts(shortcut: Self.dropout),
            Parts(after: { _ in Rectifier() }),
        ] {
            let checks = try checks(parts)
            #expect(checks["sum"] == true && checks["probe_direct"] == true)
            #expect(checks["probe_total"] == true && checks["probe_loss"] == true)
        }
    }

    private static let half: @Sendable (Int) -> any Shortcut<Double> = { _ in
        MapShortcut(ScaledMap(0.5, IdentityMap()), factor: .exact(0.5))
    }
    private static let dropout: @Sendable (Int) -> any Shortcut<Double> = {
        MapShortcut(Dropout(name: "units.\($0).mask", dropProbability: 0.5))
    }

    /// (a) λ = .5 pulled back as −3 in every unit.
    @Test func wrongShortcutPullbackFailsAProbe() throws {
        let checks = try checks(Parts(shortcut: { Mutant.scalar(-3, of: Self.half($0)) }))
        #expect(checks["sum"] == true, "g = d + w holds for any H used alike")
        #expect(checks["probe_direct"] == false)
        #expect(checks["probe_total"] == false)
        #expect(checks["probe_loss"] == false)
    }

    /// The same in one unit of five, and off by one part in a million only.
    @Test func slightlyWrongPullbackInOneUnitFailsAProbe() throws {
        let mutated = Parts(shortcut: { Mutant.scalar(0.5000005, of: Self.half($0)) })
        let checks = try checks(Parts(shortcut: Self.half), mutated: mutated)
        #expect(checks["sum"] == true)
        #expect(checks["probe_direct"] == false)
        #expect(checks["probe_total"] == false)
    }

    /// (b) The mask of dropout forgotten on the way down.
    @Test func droppedDropoutMaskFailsAProbe() throws {
        let mutated = Parts(shortcut: { Mutant.droppedMask(of: Self.dropout($0)) })
        let checks = try checks(Parts(shortcut: Self.dropout), mutated: mutated)
        #expect(checks["sum"] == true)
        #expect(checks["probe_direct"] == false)
        #expect(checks["probe_total"] == false)
    }

    /// (b) The mask of a branch's ReLU: the shortcuts' term does not pass it.
    @Test func droppedBranchMaskFailsTheTotalProbe() throws {
        let mutated = Parts(rectifier: { _ in Mutant.droppedMask(of: Rectifier()) })
        let checks = try checks(mutated: mutated)
        #expect(checks["sum"] == true)
        #expect(checks["probe_direct"] == true)
        #expect(checks["probe_total"] == false)
    }

    /// (b) The mask of f = ReLU: both terms pass it.
    @Test func droppedMaskAfterAdditionFailsBothProbes() throws {
        let mutated = Parts(after: { _ in Mutant.droppedMask(of: Rectifier()) })
        let checks = try checks(Parts(after: { _ in Rectifier() }), mutated: mutated)
        #expect(checks["sum"] == true)
        #expect(checks["probe_direct"] == false)
        #expect(checks["probe_total"] == false)
    }

    /// (c) Batch statistics held fixed in one branch's pull-back.
    @Test func forgottenStatisticsFailTheTotalProbe() throws {
        let checks = try checks(mutated: Parts(normalization: { Mutant.forgottenStatistics(of: $0) }))
        #expect(checks["sum"] == true)
        #expect(checks["probe_direct"] == true)
        #expect(checks["probe_total"] == false)
    }

    /// (d) Wrong alike in both directions: forward mode follows the same wrong derivative, the loss does not.
    @Test func mistakesInBothDirectionsFailTheLossDifferenceOnly() throws {
        for (name, right, mutated) in [
            (
                "shortcut", Parts(shortcut: Self.half),
                Parts(shortcut: { Mutant.scalar(-3, of: Self.half($0), bothWays: true) })
            ),
            (
                "dropout", Parts(shortcut: Self.dropout),
                Parts(shortcut: { Mutant.droppedMask(of: Self.dropout($0), bothWays: true) })
            ),
            (
                "branch mask", Parts(),
                Parts(rectifier: { _ in Mutant.droppedMask(of: Rectifier(), bothWays: true) })
            ),
            (
                "statistics", Parts(),
                Parts(normalization: { Mutant.forgottenStatistics(of: $0, bothWays: true) })
            ),
        ] {
            let checks = try checks(right, mutated: mutated)
            #expect(checks["sum"] == true, "\(name)")
            #expect(checks["probe_direct"] == true, "\(name)")
            #expect(checks["probe_total"] == true, "\(name)")
            #expect(checks["probe_loss"] == false, "\(name)")
        }
    }

    /// Branches that add 0 leave every 0 of x_0 at the kink of each f = ReLU above. Elements that are 0 are held, and the
    /// others tell.
    @Test(arguments: 0..<25)
    func lossDifferenceTellsAtKinks(seed: UInt64) throws {
        let parts = Parts(after: { _ in Rectifier() }, branchFactor: 0)
        #expect(try checks(parts, images: seed)["probe_loss"] == true)
        var mutated = parts
        mutated.shortcut = { _ in Mutant.scalar(1.1, of: IdentityMap(), bothWays: true) }
        let wrong = try result(parts, mutated: mutated, images: seed)
        #expect(wrong.checks.first { $0.name == "probe_loss" }?.passed == false)
        // It is found where it is: every row at or below unit 2 is off by a tenth of the smaller side. Kinks that weigh
        // less than a quarter of that are not held.
        for probe in wrong.probes {
            let error = try #require(probe.probeErrorLoss)
            #expect(
                probe.unit > 2 ? error < 1e-3 : abs(error - 0.1 / 1.1) < 0.25 * 0.1 / 1.1, "x_\(probe.unit)")
        }
    }

    /// Without probes nothing is proved, and nothing is claimed.
    @Test func withoutProbesNoProbeIsClaimed() throws {
        let checks = try checks(Parts(shortcut: { Mutant.scalar(-3, of: Self.half($0)) }), probes: .none)
        #expect(checks["sum"] == true)
        #expect(checks["probe_direct"] == nil && checks["probe_total"] == nil && checks["probe_loss"] == nil)
    }
}
