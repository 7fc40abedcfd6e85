import Analysis
import Foundation
import Graphs
import Kernels
import ResidualNetworks
import Tensors
import Testing

@Suite("Shortcut product")
struct ShortcutProductTests {
    private func product(_ factors: [ShortcutFactor]) -> ShortcutProduct {
        ShortcutProduct(
            factors.map {
                ResidualModel.Unit(streams: [], label: "", kind: .identity, factor: $0)
            })
    }

    private func agree(_ found: [Double?], _ expected: [Double?]) -> Bool {
        guard found.count == expected.count else { return false }
        return zip(found, expected).allSatisfy { a, b in
            guard let a, let b else { return a == nil && b == nil }
            return abs(a - b) < 1e-14
        }
    }

    @Test func sumsFromTheTop() {
        let found = product([.exact(0.1), .exact(10), .exact(-0.01)])
        #expect(agree(found.log10, [-2, -1, -2, 0]))
        #expect(!found.isExpectation)
    }

    @Test func identitiesGiveZero() {
        #expect(product(Array(repeating: .exact(1), count: 3)).log10 == [0, 0, 0, 0])
        #expect(product([]).log10 == [0])
    }

    @Test func dropoutIsAnExpectation() {
        let found = product([.exact(1), .expectation(0.5)])
        #expect(agree(found.log10, [log10(0.5), log10(0.5), 0]))
        #expect(found.isExpectation)
    }

    /// From the first h that is no scaling, seen from the top, there is no product below.
    @Test func undefinedAndZeroEndIt() {
        #expect(agree(product([.exact(1), .undefined, .exact(0.1)]).log10, [nil, nil, -1, 0]))
        #expect(agree(product([.exact(1), .exact(0), .exact(0.1)]).log10, [nil, nil, -1, 0]))
        #expect(agree(product([.exact(1), .undefined]).log10, [nil, nil, nil]))
    }

    @Test func ofThePapersShortcuts() throws {
        for (word, expected) in [
            ("identity", 0.0), ("scale0.1", -6), ("scale-0.1,3", -6), ("dropout0.9", -6), ("none", nil),
            ("gate-exclusive:-6", nil), ("gate-shortcut:0", nil), ("conv1x1", nil),
        ] as [(String, Double?)] {
            let design = NetworkDesign(
                block: .basic, unitsPerStage: 2, shortcut: try ShortcutVocabulary.paper.shortcut(for: word),
                baseWidth: 2, input: Shape(1, 3, 8, 8))
            let bottom = ShortcutProduct(try design.model(batch: 2).model.units).log10[0]
            #expect((bottom == nil) == (expected == nil), "\(word)")
            if let bottom, let expected { #expect(abs(bottom - expected) < 1e-14, "\(word)") }
        }
    }
}
