import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Eqn. 3, 4 and 7 on random stacks.
@Suite("Forward identity on random stacks")
struct ForwardIdentityPropertyTests {
    /// Relative to the largest term; the same sum taken in two orders over at most 9 units.
    private static let tolerance = 1e-10

    /// x_L = (∏_{i=l}^{L−1} h_i)(x_l) + Σ_i (∏_{j=i+1}^{L−1} h_j)(F̂_i) for every pair l < L of a run of units with
    /// linear h and identity f, by applying the maps h themselves.
    @Test func holdsBetweenAllPairs() {
        var pairs = 0
        expectNone(
            counterexample(to: "Eqn. 3/4/7", cases: 200) { (stack: StackCase) in
                let values = try UnitValues(stack)
                for end in 1..<values.x.count {
                    // Suffix sums, from unit end − 1 downwards.
                    var sum: Tensor<Double>?
                    for l in stride(from: end - 1, through: 0, by: -1) {
                        guard values.isLinear(l) else { break }
                        let branch = try values.carry(values.branches[l], from: l + 1, to: end)
                        sum = sum.map { combination(1, branch, 1, $0) } ?? branch
                        let shortcut = try values.carry(values.x[l], from: l, to: end)
                        let total = sum ?? branch
                        let largest = max(norm(values.x[end]), norm(shortcut), norm(total), norm(branch))
                        let error = norm(
                            combination(1, values.x[end], -1, combination(1, shortcut, 1, total)))
                        if error > Self.tolerance * largest {
                            return "\(error / largest) from x_\(l) to x_\(end)"
                        }
                        pairs += 1
                    }
                }
                return nil
            })
        // Not empty by a slip of the guards.
        #expect(pairs > 500)
    }

    /// The analysis' own check agrees that it holds, and applies exactly where the pair above does.
    @Test func reportedWhereItApplies() {
        expectNone(
            counterexample(to: "forward_identity", cases: 150) { (stack: StackCase) in
                let values = try UnitValues(stack)
                guard let measured = try MeasuredStack<Double>(stack) else {
                    return "the forward pass is not finite"
                }
                for (l, row) in measured.forward.rows.enumerated() {
                    let applies = l > 0 && values.isLinear(l - 1)
                    if let error = row.forwardIdentityError {
                        if !applies { return "reported at x_\(l)" }
                        if error > Self.tolerance { return "\(error) at x_\(l)" }
                    } else if applies, norm(values.x[l]) > 0 {
                        return "not reported at x_\(l)"
                    }
                }
                return nil
            })
    }

    /// With h and f the identity there is nothing between x_L and x_l but the plain sum of the branches (Eqn. 4).
    @Test func identityMappingsLeaveAPlainSum() {
        expectNone(
            counterexample(to: "Eqn. 4", cases: 60) { (drawn: StackCase) in
                var stack = drawn
                (stack.isDense, stack.batch, stack.shortcut) = (true, 8, IdentityShortcut())
                stack.layout = StackCase.layouts[2 + Int(stack.seed % 4)]
                let values = try UnitValues(stack)
                let last = values.x.count - 1
                for l in 0..<last {
                    let sum = values.branches[l..<last].reduce(values.x[l]) { combination(1, $0, 1, $1) }
                    let largest = (values.branches[l..<last] + [values.x[l]]).map(norm).max() ?? 0
                    let error = norm(combination(1, sum, -1, values.x[last]))
                    if error > Self.tolerance * largest { return "\(error / largest) from x_\(l)" }
                }
                return nil
            })
    }
}

/// Every x_l and F̂_l of a stack, and its maps h applied one by one.
private struct UnitValues {
    private let stack: MeasuredStack<Double>
    private let design: NetworkDesign
    var x: [Tensor<Double>]
    var branches: [Tensor<Double>]

    init(_ drawn: StackCase) throws {
        let stack = try #require(try MeasuredStack<Double>(drawn))
        self.stack = stack
        design = drawn.design
        x = try (0...stack.unitCount).map { try stack.state($0) }
        branches = try (0..<stack.unitCount).map { try stack.branch($0) }
    }

    /// Whether the identity applies to unit l: f is the identity by its design, and h no gate, and no activation on the way
    /// to a projection.
    func isLinear(_ l: Int) -> Bool {
        let isGate = design.shortcut is ExclusiveGateShortcut || design.shortcut is ShortcutOnlyGateShortcut
        let isMatched =
            x[l].shape != x[l + 1].shape && !(design.shortcut is ConvolutionShortcut)
            && !(design.shortcut is NoShortcut)
        let isProjection = isMatched && design.block.matching == .projection
        // A normalisation behind a projection, or the activated input ahead of it.
        let isPlainProjection =
            !design.normalizesProjections && (l == 0 || !design.layout.isPreactivation)
        return !isGate && (!isProjection || isPlainProjection) && stack.model.model.isAfterIdentity(l)
    }

    /// (h_{end−1} ∘ … ∘ h_start)(v). What is linear is its own derivative.
    func carry(_ v: Tensor<Double>, from start: Int, to end: Int) throws -> Tensor<Double> {
        try (start..<end).reduce(v) { try stack.pushForwardDirect($0, of: $1) }
    }
}
