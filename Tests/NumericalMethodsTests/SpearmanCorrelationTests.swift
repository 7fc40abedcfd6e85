import Testing

@testable import NumericalMethods

/// Known values are SciPy's (1.17, `scipy.stats.spearmanr`), and for p-values those of going through all
/// permutations of y.
@Suite struct SpearmanCorrelationTests {
    static let known: [(x: [Double], y: [Double], coefficient: Double)] = [
        ([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 7, 5, 8, 6], 0.8333333333333335),
        // Ties on both sides.
        ([1, 2, 2, 3, 5, 5, 5, 9], [3, 1, 4, 4, 2, 8, 8, 7], 0.56531554109761),
        (
            [86, 97, 99, 100, 101, 103, 106, 110, 112, 113], [2, 20, 28, 27, 50, 29, 7, 17, 6, 12],
            -0.17575757575757575
        ),
    ]

    @Test(arguments: known)
    func coefficientIsSciPys(x: [Double], y: [Double], coefficient: Double) throws {
        // A few roundings of sums of ten ranks.
        #expect(abs(try SpearmanCorrelation(x: x, y: y).coefficient - coefficient) < 1e-14)
    }

    @Test func smallSamplesGoThroughAllPermutations() throws {
        #expect(
            try SpearmanCorrelation(x: [1, 2, 3, 4, 5], y: [2, 1, 4, 3, 5]).pValue == 16.0 / 120)
        #expect(try SpearmanCorrelation(x: [1, 2, 2, 4], y: [1, 3, 2, 2]).pValue == 20.0 / 24)
    }

    @Test func largeSamplesDrawThem() throws {
        let found = try SpearmanCorrelation(x: Self.known[2].x, y: Self.known[2].y)
        // SciPy's permutation test with 20,000 draws gives 0.634, t's approximation 0.627; the standard error of
        // 9,999 draws is 0.005.
        #expect(abs(found.pValue - 0.634) < 0.02)
        let ordered = try SpearmanCorrelation(
            x: (0..<12).map(Double.init), y: (0..<12).map { Double($0 * $0) })
        #expect(ordered.coefficient == 1 && ordered.interval == 1...1)
        // No draw in 9,999 is as ordered: 12! is 479 million.
        #expect(ordered.pValue == 1e-4)
    }

    @Test func theIntervalIsFishers() throws {
        let found = try SpearmanCorrelation(x: Self.known[0].x, y: Self.known[0].y)
        let error = ((1 + found.coefficient * found.coefficient / 2) / 5).squareRoot()
        #expect(found.standardError == error)
        let interval = try #require(found.interval)
        // atanh(5/6) = ln(11)/2 = 1.19895; ± 1.96 · 0.51909.
        #expect(abs(interval.lowerBound - 0.180) < 1e-3 && abs(interval.upperBound - 0.976) < 1e-3)
        #expect(try SpearmanCorrelation(x: [1, 2, 3], y: [1, 3, 2]).interval == nil)
    }

    @Test func infinitelyLargeRanksDoNotMatter() throws {
        let last = Double.greatestFiniteMagnitude
        let far = try SpearmanCorrelation(x: [1, 2, 3, -last], y: [0, 1, last, last])
        #expect(far == (try SpearmanCorrelation(x: [1, 2, 3, 0], y: [0, 1, 2, 2])))
    }

    @Test func badSamplesAreRefused() {
        #expect(throws: NumericalError.tooFewValues(operation: "a rank correlation", needed: 3, found: 2)) {
            try SpearmanCorrelation(x: [1, 2], y: [1, 2])
        }
        #expect(throws: NumericalError.self) { try SpearmanCorrelation(x: [1, 1, 1], y: [1, 2, 3]) }
        #expect(throws: NumericalError.self) { try SpearmanCorrelation(x: [1, 2, 3], y: [1, 2]) }
        #expect(throws: NumericalError.self) { try SpearmanCorrelation(x: [1, 2, 3], y: [1, .nan, 3]) }
    }
}
