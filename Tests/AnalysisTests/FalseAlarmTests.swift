import Analysis
import Kernels
import ProofSupport
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
        #expect(try checks(seed: seed)["probe_loss"] != false)
    }
}
