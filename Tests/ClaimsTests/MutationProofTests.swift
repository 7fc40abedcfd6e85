import Claims
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Networks that are wrong on purpose: a claim that does not notice proves nothing. What every claim says of sound
/// networks stands in `SoundNetworksTests`.
@Suite("Mutation proofs of claims")
struct ClaimMutationProofTests {
    // Swapped layers.
    private static let swapped: [Mutation] = [
        Mutation("BN and ReLU swapped at the end of the branch", flips: ["relu-before-addition"]) { design in
            swap(&design, of: .rectifierBeforeAddition, trailing: [.activation, .normalization])
        },
        Mutation("BN and ReLU swapped ahead of the branch", flips: ["eqn9"]) { design in
            swap(&design, of: .fullPreactivation, leading: [.activation, .normalization])
        },
        Mutation("BN and ReLU swapped after the addition", flips: ["moved-state", "bn-after-addition"]) {
            design in
            swap(&design, of: .normalizationAfterAddition, after: [.activation, .normalization])
        },
    ]

    // Dropped masks.
    private static let unmasked: [Mutation] = [
        Mutation("dropout's mask dropped", flips: ["dropout"]) { place in
            place.isMask ? (FirstOperand(), place.operands) : place.unchanged
        },
        Mutation("dropout's mask dropped in the pull-back", flips: ["dropout"]) { place in
            place.isMask ? (Mutant(place.operation, .scalar(1)), place.operands) : place.unchanged
        },
        Mutation("f's mask dropped in the pull-back", flips: ["bn-after-addition", "moved-state"]) { place in
            place.withoutMask(of: ".after.")
        },
        Mutation("the branch's mask dropped in the pull-back", flips: ["eqn5", "eqn8", "eqn9"]) { place in
            place.withoutMask(of: ".branch.")
        },
    ]

    // Doubled λ.
    private static let doubled: [Mutation] = [
        Mutation(
            "λ doubled", flips: ["eqn4", "eqn5", "eqn7", "eqn8", "vanishing", "exploding", "gate", "dropout"]
        ) { place in
            place.isSum ? (DoublingAdd(), place.operands) : place.unchanged
        },
        Mutation(
            "λ doubled in the pull-back",
            flips: ["eqn5", "eqn8", "small-weights", "vanishing", "exploding", "gate", "dropout"]
        ) { place in
            place.isSum
                ? (Mutant(place.operation, .multiplied(by: 2, slot: 0)), place.operands) : place.unchanged
        },
    ]

    // One more for every claim that is left.
    private static let others: [Mutation] = [
        Mutation("branches that cancel the shortcut", flips: ["cancellation", "relu-before-addition"]) {
            place in
            place.isSum ? (Add.subtracting, [place.operands[0], place.input]) : place.unchanged
        },
        Mutation("a gate's bias of the wrong sign", flips: ["gate"]) { design in
            if let gate = design.shortcut as? ShortcutOnlyGateShortcut {
                design.shortcut = ShortcutOnlyGateShortcut(bias: -gate.bias)
            }
        },
        Mutation("batch normalisation at the end of every branch", flips: ["small-weights", "eqn9"]) {
            design in
            design.layout = UnitLayout(
                name: design.layout.name, leading: design.layout.leading,
                trailing: [.normalization], after: design.layout.after)
        },
        Mutation("units as the square of what is asked for", flips: ["linear-cost"]) { design in
            design.unitsPerStage = design.unitsPerStage.map { min($0 * $0, 144) }
        },
    ]

    private static let mutations = swapped + unmasked + doubled + others

    @Test(arguments: mutations)
    func isNoticed(_ mutation: Mutation) throws {
        let bench = TestBench<Double>(seed: 3, building: mutation.build)
        for claim in try ClaimCatalogue.named(mutation.claims) {
            let finding = try claim.evaluate(on: bench)
            #expect(!finding.passed, "\(claim.name) did not notice: \(finding.measurements)")
        }
    }

    /// Every claim can fail.
    @Test func everyClaimIsFlippedByAMutation() {
        let flipped = Set(Self.mutations.flatMap(\.claims))
        #expect(Set(ClaimCatalogue.paper.map(\.name)).subtracting(flipped) == [])
    }

    /// The bench itself is no mistake.
    @Test func anUnchangedNetworkPasses() throws {
        let mutation = Mutation("nothing", flips: [], operation: \.unchanged)
        let bench = TestBench<Double>(seed: 3, building: mutation.build)
        #expect(try ClaimReport(testing: ClaimCatalogue.paper, on: bench).allHold)
    }

    /// Gives the units of one kind other layers.
    private static func swap(
        _ design: inout NetworkDesign, of layout: UnitLayout, leading: [ActivationLayer] = [],
        trailing: [ActivationLayer] = [], after: [ActivationLayer] = []
    ) {
        guard design.layout.name == layout.name else { return }
        design.layout = UnitLayout(
            name: layout.name, leading: leading, trailing: trailing, after: LayersAfterAddition(after))
    }
}

extension Mutation.Place {
    /// A product with dropout's mask.
    fileprivate var isMask: Bool { label.hasSuffix(".dropout.mask") }

    /// A rectifier of a part of the unit whose pull-back forgets which elements passed.
    fileprivate func withoutMask(of part: String) -> (any Operator, [Graph.ValueID]) {
        operation.truncatesNegatives && label.contains(part)
            ? (Mutant(operation, .scalar(1)), operands) : unchanged
    }
}
