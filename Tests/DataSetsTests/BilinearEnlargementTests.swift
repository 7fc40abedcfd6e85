import NumericalMethods
import Testing

@testable import DataSets

@Suite struct BilinearEnlargementTests {
    /// By hand for 2 → 4: centres read −¼, ¼, ¾, 1¼, the ends held.
    @Test func twoToFour() {
        let enlarged = BilinearEnlargement(from: 2, to: 4).enlarged([0, 4, 8, 12])
        #expect(enlarged == [0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12])
    }

    @Test func sameSizeChangesNothing() {
        let image = (0..<9).map { Float($0 * $0) }
        #expect(BilinearEnlargement(from: 3, to: 3).enlarged(image) == image)
    }

    /// Sums from the originals equal sums over the enlarged values. Whole pixels make
    /// every intermediate exact in Float, so nothing is allowed for rounding.
    @Test(arguments: [[2, 4], [8, 32], [5, 15], [1, 4]]) func sumsAreExact(sizes: [Int]) {
        let enlargement = BilinearEnlargement(from: sizes[0], to: sizes[1])
        var stream = RandomStream(seed: 12, name: "image")
        let image = stream.integers(sizes[0] * sizes[0], below: 17)
        let sums = enlargement.sums(of: image)
        let enlarged = enlargement.enlarged(image.map { Float($0) }).map(Double.init)
        // Thirds are not exact: only the factor 3 needs a tolerance.
        let tolerance = sizes[1] / sizes[0] == 3 ? 1e-5 * enlarged.reduce(0) { $0 + $1 * $1 } : 0
        #expect(sums.count == Double(enlarged.count))
        #expect(abs(sums.sum - enlarged.reduce(0, +)) <= tolerance)
        #expect(abs(sums.squares - enlarged.reduce(0) { $0 + $1 * $1 }) <= tolerance)
    }
}
