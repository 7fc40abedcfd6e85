import Analysis
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
            guard let measured = try MeasuredStack<Double>(stack) else { return "not finite" }
            for l in 0..<measured.unitCount {
                let (x, next) = (try measured.state(l), try measured.state(l + 1))
                guard next.shape == x.shape else { continue }
                // x + F with F ≥ 0 rounds to no less than x: exact.
                if zip(x.elements, next.elements).contains(where: { !($1 >= $0) }) { return "unit \(l)" }
                units += 1
            }
            return nil
        }
        #expect(failure == nil, "\(failure.map(\.description) ?? "")")
        #expect(units > 100)
    }

    /// The other identity-f units do not have this property: the test above is not empty.
    @Test func fullPreactivationDoesNot() throws {
        var stack = StackCase(seed: 2)
        (stack.isDense, stack.batch, stack.layout, stack.shortcut) = (
            true, 8, .fullPreactivation, IdentityShortcut()
        )
        let measured = try #require(try MeasuredStack<Double>(stack))
        let (x, next) = (try measured.state(0), try measured.state(1))
        #expect(zip(x.elements, next.elements).contains { $1 < $0 })
    }
}
