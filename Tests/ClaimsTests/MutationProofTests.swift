import Claims
import Kernels
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
            swap(&design, of: .rectifierBeforeAddition, trailing: [.rectifier, .normalization])
        },
        Mutation("BN and ReLU swapped ahead of the branch", flips: ["eqn9"]) { design in
            swap(&design, of: .fullPreactivation, leading: [.rectifier, .normalization])
        },
        Mutation("BN and ReLU swapped after the addition", flips: ["moved-state", "bn-after-addition"]) {
            design in
            swap(&design, of: .normalizationAfterAddition, after: [.rectifier, .normalization])
        },
    ]

    // Dropped masks.
    private static let unmasked: [Mutation] = [
        Mutation("dropout's mask dropped", flips: ["dropout"]) { unit in
            unit.shortcut.isDropout ? unit.with(shortcut: MapShortcut(IdentityMap())) : unit
        },
        Mutation("dropout's mask dropped in the pull-back", flips: ["dropout"]) { unit in
            unit.shortcut.isDropout ? unit.with(shortcut: Mutant.droppedMask(of: unit.shortcut)) : unit
        },
        Mutation("f's mask dropped in the pull-back", flips: ["bn-after-addition", "moved-state"]) { unit in
            unit.with(after: unit.after.isIdentity ? unit.after : Mutant.withoutMask(unit.after))
        },
        Mutation("the branch's mask dropped in the pull-back", flips: ["eqn5", "eqn8", "eqn9"]) { unit in
            guard let branch = unit.branch as? Sequential<Double> else { return unit }
            return unit.with(branch: Sequential(branch.maps.map(Mutant.withoutMask)))
        },
    ]

    // Doubled λ.
    private static let doubled: [Mutation] = [
        Mutation(
            "λ doubled", flips: ["eqn4", "eqn5", "eqn7", "eqn8", "vanishing", "exploding", "gate", "dropout"]
        ) { unit in
            unit.with(shortcut: MapShortcut(ScaledMap(2, unit.shortcut)))
        },
        Mutation(
            "λ doubled in the pull-back",
            flips: ["eqn5", "eqn8", "small-weights", "vanishing", "exploding", "gate", "dropout"]
        ) { unit in
            unit.with(
                shortcut: Mutant(unit.shortcut) { _, right, _ in DoubledPullBack(right: right) })
        },
    ]

    // One more for every claim that is left.
    private static let others: [Mutation] = [
        Mutation("branches that cancel the shortcut", flips: ["cancellation", "relu-before-addition"]) {
            $0.with(branch: ScaledMap(-1, IdentityMap()))
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
        let mutation = Mutation("nothing", flips: [], unit: { $0 })
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

extension Shortcut<Double> {
    /// A linear map with an expectation for its factor.
    fileprivate var isDropout: Bool {
        if case .expectation = factor { true } else { false }
    }
}

extension Mutant {
    /// Batch normalisations with their rectifier, and rectifiers, whose pull-back forgets which elements passed.
    fileprivate static func withoutMask(_ map: any DifferentiableMap<Double>) -> Mutant {
        Mutant(map) { x, right, pass in
            TwoFacedLinearization(pullingBack: try unmasked(map, at: x, right, pass), pushingForward: right)
        }
    }

    private static func unmasked(
        _ map: any DifferentiableMap<Double>, at x: Tensor<Double>, _ right: any Linearization<Double>,
        _ pass: ForwardPass
    ) throws -> any Linearization<Double> {
        switch map {
        case is Rectifier<Double>: return ScalarLinearization(1)
        case let sequence as Sequential<Double> where sequence.maps.count == 1:
            return try unmasked(sequence.maps[0], at: x, right, pass)
        case let normalization as BatchNormalization<Double>:
            return UnmaskedNormalization(normalization, at: x, in: pass)
        default: return right
        }
    }
}

/// The derivative of a batch normalisation without the rectifier that follows it.
private struct UnmaskedNormalization: Linearization {
    let x: Tensor<Double>
    let normalization: Normalization

    init(_ map: BatchNormalization<Double>, at x: Tensor<Double>, in pass: ForwardPass) {
        let statistics: Normalization.Statistics =
            if case .training = pass.mode { .ofBatch } else { .fixed }
        self.x = x
        normalization = Normalization(
            Double.kernels.channelStatistics(x), epsilon: BatchNormalization<Double>.epsilon,
            scale: map.scale, shift: map.shift, activation: .none, statistics: statistics)
    }

    func vjp(_ cotangent: Tensor<Double>) -> Tensor<Double> {
        Double.kernels.normalizePullback(cotangent, at: x, normalization)
    }
    func jvp(_ tangent: Tensor<Double>) -> Tensor<Double> {
        Double.kernels.normalizePushforward(tangent, at: x, normalization)
    }
}
