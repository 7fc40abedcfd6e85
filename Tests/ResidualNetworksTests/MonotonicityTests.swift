import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@Suite("ReLU before addition")
struct MonotonicityTests {
    /// The branch is non-negative, so with identity shortcuts the forward signal only grows (the paper's
    /// section 4.1), element by element, at every unit that keeps its size.
    @Test func signalOnlyGrows() {
        var units = 0
        let failure = counterexample(to: "x_{l+1} ≥ x_l", cases: 60) { (drawn: StackCase) in
            var stack = drawn
            (stack.layout, stack.shortcut) = (.rectifierBeforeAddition, IdentityShortcut())
            let network: Network<Double> = try stack.network()
            let pass = ForwardPass(masks: SeededMasks(seed: 0))
            var x = try network.x0(of: stack.labelledBatch().input, in: pass)
            for (l, unit) in network.units.enumerated() {
                let next = try unit.linearize(x, in: pass).output
                if next.shape == x.shape {
                    // x + F with F ≥ 0 rounds to no less than x: exact.
                    if zip(x.elements, next.elements).contains(where: { !($1 >= $0) }) { return "unit \(l)" }
                    units += 1
                }
                x = next
            }
            return nil
        }
        #expect(failure == nil, "\(failure.map(\.description) ?? "")")
        #expect(units > 100)
    }

    /// The other identity-f units do not have this property: the test above is not empty.
    @Test func fullPreactivationDoesNot() throws {
        var stack = StackCase(seed: 2)
        (stack.isDense, stack.batch, stack.layout, stack.shortcut) = (true, 8, .fullPreactivation, IdentityShortcut())
        let network: Network<Double> = try stack.network()
        let pass = ForwardPass(masks: SeededMasks(seed: 0))
        let x = try network.x0(of: stack.labelledBatch().input, in: pass)
        let next = try network.units[0].linearize(x, in: pass).output
        #expect(zip(x.elements, next.elements).contains { $1 < $0 })
    }
}
