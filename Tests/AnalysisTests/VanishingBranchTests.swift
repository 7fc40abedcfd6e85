import Analysis
import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// The paper's remark below Eqn. 5: with identity h and f the gradient at one unit tends to that above it as
/// the branch's weights tend to 0, so that it does not vanish however small they are. It is true where no batch
/// normalisation ends the branch and makes it blind to the size of its weights.
@Suite("Gradient as the weights tend to 0")
struct VanishingBranchTests {
    /// The largest ‖g_l − g_{l+1}‖/‖g_{l+1}‖ within a stage with the chosen weights times 10^−k.
    private func change(
        _ layout: UnitLayout, k: Int, isDense: Bool, scaling isScaled: @escaping @Sendable (String) -> Bool
    ) throws -> Double {
        var stack = StackCase(seed: 3)
        (stack.isDense, stack.batch, stack.side, stack.width) = (isDense, isDense ? 12 : 3, 7, 4)
        (stack.block, stack.layout, stack.shortcut) = (.basic, layout, IdentityShortcut())
        (stack.unitsPerStage, stack.decades) = (isDense ? 6 : 3, 0)
        let source = ScaledParameters(
            HeInitialization(seed: stack.seed), factor: pow(10, -Double(k)), where: isScaled)
        let network = try Network<Double>(stack.design, parameters: source)
        let measured = try #require(
            try MeasuredStack(network, on: stack.labelledBatch(), masks: SeededMasks(seed: 1)))
        let changes = try (0..<measured.unitCount).compactMap { l -> Double? in
            let below = try #require(measured.paths(at: l)).total.plain
            let above = try #require(measured.paths(at: l + 1)).total.plain
            guard below.shape == above.shape else { return nil }
            return norm(combination(1, below, -1, above)) / norm(above)
        }
        return try #require(changes.max())
    }

    @Test(arguments: [true, false])
    func fallsInProportionToTheLastWeights(isDense: Bool) throws {
        let changes = try [4, 6, 8].map {
            try change(.fullPreactivation, k: $0, isDense: isDense) { $0.hasSuffix("branch.conv2.weight") }
        }
        // Proportional up to the weights' own effect on x_l, which is of the change's own order: a few 10⁻² at
        // first, 10⁻⁴ in the second step.
        #expect(changes[0] < 0.1)
        #expect(abs(log10(changes[0] / changes[1]) - 2) < 0.05, "\(changes)")
        #expect(abs(log10(changes[1] / changes[2]) - 2) < 0.001, "\(changes)")
    }

    @Test func fallsWithAllWeightsOfTheBranch() throws {
        let changes = try [2, 4, 6, 8].map {
            try change(.fullPreactivation, k: $0, isDense: true) { $0.contains(".branch.conv") }
        }
        #expect(zip(changes, changes.dropFirst()).allSatisfy { $1 < $0 / 50 }, "\(changes)")
    }

    /// Inner weights are undone by the batch normalisation after them, until ε = 1e−5 outweighs the variance.
    @Test func innerWeightsMatterOnlyBelowEpsilon() throws {
        func inner(_ k: Int) throws -> Double {
            try change(.fullPreactivation, k: k, isDense: true) { $0.hasSuffix("branch.conv1.weight") }
        }
        // Variances are of order 1: at 10⁻¹ they stand 10³ above ε, at 10⁻⁵ and below it 10⁻⁵ under it.
        #expect(abs(try inner(1) / inner(0) - 1) < 0.05)
        let small = try [5, 6, 7].map(inner)
        #expect(abs(log10(small[0] / small[2]) - 2) < 0.01, "\(small)")
    }

    /// Where a batch normalisation ends the branch its weights' size does not matter.
    @Test func branchThatEndsInNormalizationIsBlindToItsWeights() throws {
        func all(_ k: Int) throws -> Double {
            try change(.rectifierOnlyPreactivation, k: k, isDense: true) { $0.contains(".branch.conv") }
        }
        #expect(abs(try all(1) / all(0) - 1) < 0.05)
        #expect(try all(1) > 0.1)
    }
}
