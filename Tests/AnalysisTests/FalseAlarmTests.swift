import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Small stacks with right derivatives (the property tests prove them on the same seeds) that are hard on a check:
/// it must not fail without a fault.
@Suite("No false alarms")
struct FalseAlarmTests {
    private func result(seed: UInt64) throws -> AnalysisResult {
        let stack = StackCase(seed: seed)
        return try SignalAnalysis<Double>(
            stack.network(), on: stack.labelledBatch(), options: AnalysisOptions(probes: .all)
        ).run()
    }

    private func checks(seed: UInt64) throws -> [String: Bool] {
        try result(seed: seed).checks.reduce(into: [:]) { $0[$1.name] = $1.passed }
    }

    /// Narrow stacks: a batch normalisation leaves 1e−4 and less of a cotangent, unit after unit, and the probe's
    /// error is rounding of a ‖g_i‖·‖v_i‖ that is far larger than the inner product.
    @Test(arguments: [24, 54, 498])
    func probesOfNarrowStacks(seed: UInt64) throws {
        #expect(try checks(seed: seed)["probe_total"] != false)
    }

    /// The condition number says which probes cancel: it is at least 1, and far above where a whole gradient is left
    /// of a much larger one.
    @Test func conditionNumbers() throws {
        let narrow = try result(seed: 24).probes.compactMap(\.probeConditionTotal)
        #expect(!narrow.isEmpty && narrow.allSatisfy { $0 > 1e5 && $0.isFinite })
        let usual = try result(seed: 1).probes.flatMap { [$0.probeConditionDirect, $0.probeConditionTotal] }
        #expect(usual.allSatisfy { (1...100).contains($0 ?? .nan) }, "\(usual)")
    }

    /// A step that changes the loss by 1e−5 would be 1e4 times x_0 where the gradient there is 1e−9.
    @Test(arguments: [24, 54])
    func lossDifferenceOfVanishingGradients(seed: UInt64) throws {
        #expect(try checks(seed: seed)["probe_loss"] != false)
    }

    /// A sample whose x_0 is 0 in every channel stays exactly 0 without batch normalisation, where ReLU has two
    /// one-sided derivatives and the central difference takes their mean, which is neither.
    @Test(arguments: [45, 118, 132])
    func lossDifferenceAtAKink(seed: UInt64) throws {
        let result = try result(seed: seed)
        let check = try #require(result.checks.first { $0.name == "probe_loss" })
        #expect(check.passed != false)
        // A probe that cannot tell says why, and the check how many there are.
        let silent = result.probes.filter { $0.probeKinkLoss != nil }
        #expect(silent.allSatisfy { $0.probeErrorLoss == nil && ($0.probeKinkLoss ?? 0) > 1e-3 })
        #expect(check.toleranceReason.contains("cannot tell") == !silent.isEmpty)
    }

    /// γ = 0 in the last normalisation of each branch, a common initialisation, leaves every 0 of x_0 at the kinks of all
    /// f = ReLU above. A central difference takes the mean of two slopes there; the probes tell all the same.
    @Test(arguments: 0..<25)
    func lossDifferenceWhereBranchesAddNothing(seed: UInt64) throws {
        let design = NetworkDesign(
            block: .basic, unitsPerStage: 2, layout: .original, shortcut: ScalingShortcut(lambda: 1, mu: 0),
            baseWidth: 4, input: Shape(1, 3, 8, 8))
        let shape = Shape(2, 3, 8, 8)
        let images: Tensor<Double> = randomTensor(shape, seed: seed, name: "images")
        let result = try SignalAnalysis<Double>(
            Network(design, parameters: HeInitialization(seed: seed)),
            on: LabelledBatch(images.elements, shape: shape, labels: [1, 7]),
            options: AnalysisOptions(probes: .all, seed: seed)
        ).run()
        #expect(result.checks.first { $0.name == "probe_loss" }?.passed == true, "\(result.probes)")
        #expect(result.probes.allSatisfy { $0.probeErrorLoss != nil && $0.probeKinkLoss == nil })
    }
}
