import Foundation
import Kernels
import Operators
import Tensors
import Testing

/// Every operation against four witnesses: PyTorch in double precision, finite differences, its own other direction, and
/// single against double precision.
struct OperatorTests {
    @Test("Every case has a fixture, and every fixture a case")
    func completeness() {
        let (cases, fixtures) = (OperatorCase.all.map(\.name), OperatorFixture.all.map(\.name))
        #expect(Set(cases).count == cases.count)
        #expect(Set(cases).symmetricDifference(fixtures) == [])
    }

    @Test("Value, VJP and JVP are PyTorch's", arguments: OperatorFixture.all)
    func agreement(fixture: OperatorFixture) throws {
        let at = try Applied<Double>(fixture)
        #expect(try at.operation.shape(of: at.shapes) == Shape(axes: fixture.shape))
        // Both in double precision; sums are formed in other orders.
        #expect(distance(at.value, fixture.value) < 1e-12)
        for slot in fixture.operands.indices {
            #expect(at.operation.isDifferentiable(in: slot) == (fixture.vjps[slot] != nil), "slot \(slot)")
            guard let vjp = fixture.vjps[slot], let jvp = fixture.jvps[slot] else { continue }
            let cotangent: Tensor<Double> = fixture.tensor(fixture.cotangent)
            #expect(distance(try at.vjp(cotangent, to: slot), vjp) < 1e-11, "slot \(slot)")
            let tangent: Tensor<Double> = fixture.tensor(fixture.tangents[slot] ?? [], like: slot)
            #expect(distance(try at.jvp(tangent, from: slot), jvp) < 1e-11, "slot \(slot)")
        }
    }

    @Test(
        "J_s t is the derivative of the value, and ⟨J_s t, c⟩ = ⟨t, J_sᵀ c⟩", arguments: OperatorFixture.all)
    func derivatives(fixture: OperatorFixture) throws {
        let at = try Applied<Double>(fixture)
        for slot in fixture.operands.indices where at.operation.isDifferentiable(in: slot) {
            let tangent: Tensor<Double> = fixture.tensor(fixture.tangents[slot] ?? [], like: slot)
            let cotangent: Tensor<Double> = fixture.tensor(fixture.cotangent)
            let pushed = try at.jvp(tangent, from: slot)
            let pulled = try at.vjp(cotangent, to: slot)
            func moved(_ step: Double) throws -> [Double] {
                let x = zip(fixture.operands[slot].values ?? [], tangent.doubles).map { $0 + step * $1 }
                return try at.value(with: fixture.tensor(x, like: slot), in: slot)
            }
            // Fourth order: what is left is rounding, ε over the step, times the condition of the value.
            let h = 1e-4
            let (near, far) = (zip(try moved(h), try moved(-h)), zip(try moved(2 * h), try moved(-2 * h)))
            let difference = zip(near, far).map { (8 * ($0.0 - $0.1) - ($1.0 - $1.1)) / (12 * h) }
            #expect(distance(pushed, difference) < 1e-8, "slot \(slot)")
            let (above, below) = (inner(pushed, cotangent.doubles), inner(tangent.doubles, pulled))
            let size = norm(pushed) * norm(cotangent.doubles) + norm(tangent.doubles) * norm(pulled)
            #expect(abs(above - below) <= 1e-13 * size, "slot \(slot): \(above) against \(below)")
        }
    }

    @Test("Single precision agrees with double precision", arguments: OperatorFixture.all)
    func precisions(fixture: OperatorFixture) throws {
        let (single, double) = (try Applied<Float>(fixture), try Applied<Double>(fixture))
        // Some tens of roundings of 6e−8.
        #expect(distance(single.value, double.value) < 1e-5)
        for slot in fixture.operands.indices where double.operation.isDifferentiable(in: slot) {
            let pulled = try single.vjp(fixture.tensor(fixture.cotangent), to: slot)
            #expect(
                distance(pulled, try double.vjp(fixture.tensor(fixture.cotangent), to: slot)) < 1e-5,
                "slot \(slot)")
            let tangent = fixture.tangents[slot] ?? []
            let pushed = try single.jvp(fixture.tensor(tangent, like: slot), from: slot)
            #expect(
                distance(pushed, try double.jvp(fixture.tensor(tangent, like: slot), from: slot))
                    < 1e-5,
                "slot \(slot)")
        }
    }

    @Test(
        "Whichever tensors come in blocks of channels, single precision finds the same",
        arguments: OperatorFixture.all, Blocking.allCases)
    func blocks(fixture: OperatorFixture, blocking: Blocking) throws {
        let (plain, blocked) = (try Applied<Float>(fixture), try Applied<Float>(fixture, blocking))
        // The same roundings, but that sums are formed in another order.
        let tolerance = 1e-6
        #expect(distance(blocked.value, plain.value) < tolerance)
        for slot in fixture.operands.indices where plain.operation.isDifferentiable(in: slot) {
            let cotangent: Tensor<Float> = fixture.tensor(fixture.cotangent)
            let pulled = try blocked.vjp(blocking.blocked(cotangent, in: 0), to: slot)
            #expect(distance(pulled, try plain.vjp(cotangent, to: slot)) < tolerance, "slot \(slot)")
            let tangent: Tensor<Float> = fixture.tensor(fixture.tangents[slot] ?? [], like: slot)
            let pushed = try blocked.jvp(blocking.blocked(tangent, in: 1), from: slot)
            #expect(distance(pushed, try plain.jvp(tangent, from: slot)) < tolerance, "slot \(slot)")
        }
    }
}

/// Which of several tensors come in the blocks of channels that the kernels prefer.
enum Blocking: CaseIterable {
    case all, even, odd

    /// A tensor of less than two axes has no channels.
    func blocked<Scalar: KernelScalar>(_ tensor: Tensor<Scalar>, in slot: Int) -> Tensor<Scalar> {
        let isBlocked = self == .all || (self == .even) == slot.isMultiple(of: 2)
        guard tensor.shape.rank >= 2, isBlocked else { return tensor }
        return tensor.reblocked(to: Scalar.self == Float.self ? OneDNNKernels.channelBlock : 1)
    }
}
