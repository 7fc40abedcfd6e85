import NumericalMethods
import ProofSupport
import Testing

@Suite("The property harness")
struct PropertyCheckTests {
    /// A pair of sizes; the property under test fails when both are at least 3.
    struct Sizes: PropertyCase {
        var depth: Int
        var width: Int

        init(seed: UInt64) {
            var stream = RandomStream(seed: seed, name: "sizes")
            depth = stream.integer(below: 20)
            width = stream.integer(below: 20)
        }
        var simpler: [Sizes] {
            [(depth / 2, width), (depth - 1, width), (depth, width / 2), (depth, width - 1)]
                .filter { $0.0 >= 0 && $0.1 >= 0 && ($0.0, $0.1) != (depth, width) }
                .map {
                    var copy = self
                    (copy.depth, copy.width) = $0
                    return copy
                }
        }
        var description: String { "\(depth) deep, \(width) wide" }
    }

    struct Mistake: Error {}

    @Test func shrinksToTheSmallestFailingCase() throws {
        let found = try #require(
            counterexample(to: "small", cases: 50, of: Sizes.self) {
                $0.depth >= 3 && $0.width >= 3 ? "too large" : nil
            })
        #expect(found.shrunk.depth == 3 && found.shrunk.width == 3)
        #expect(found.description.contains("seed \(found.seed)"))
        #expect(found.description.contains("shrunk: 3 deep, 3 wide: too large"))
        // The seed alone brings the case back.
        #expect(Sizes(seed: found.seed).description == found.drawn.description)
    }

    @Test func countsAThrownErrorAsAFailure() {
        let found = counterexample(to: "calm", cases: 1, of: Sizes.self) { _ in throw Mistake() }
        #expect(found?.reason.contains("threw Mistake") == true)
        #expect(counterexample(to: "always", cases: 20, of: Sizes.self) { _ in nil } == nil)
    }

    @Test func drawsStacksOfEveryKind() {
        let stacks = (1...200).map { StackCase(seed: $0) }
        #expect(Set(stacks.map(\.layout.name)).count == StackCase.layouts.count)
        #expect(Set(stacks.map { "\(type(of: $0.shortcut))" }).count == 8)
        #expect(Set(stacks.map(\.block.name)).count == 3)
        #expect(Set(stacks.map(\.isDense)).count == 2)
    }
}

