import Foundation
import Prediction
import Testing

struct PathLengthTests {
    @Test("Equal odds make a binomial")
    func binomial() {
        let lengths = PathLengthDistribution(branchShares: Array(repeating: 0.5, count: 10))
        #expect(abs(lengths.mean - 5) < 1e-12)
        #expect(abs(lengths.standardDeviation - 2.5.squareRoot()) < 1e-12)
        // C(10, 3)/2¹⁰
        #expect(abs(lengths.probabilities[3] - 120.0 / 1024) < 1e-12)
        #expect(lengths.probabilities.count == 11)
    }

    @Test("Thousands of unequal units: probabilities sum to 1 and have the stated moments")
    func deep() {
        let lengths = PathLengthDistribution(branchShares: (0..<3000).map { 1 / (2 + Double($0)) })
        let probabilities = lengths.probabilities
        let mean = probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
        let square = probabilities.enumerated().reduce(0) {
            $0 + pow(Double($1.offset) - mean, 2) * $1.element
        }
        #expect(probabilities.count == 3001)
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
        // Masses below 1e−18 are dropped.
        #expect(abs(mean - lengths.mean) < 1e-9)
        #expect(abs(square.squareRoot() - lengths.standardDeviation) < 1e-9)
    }

    @Test("A branch that always passes adds one to every length")
    func certain() {
        let lengths = PathLengthDistribution(branchShares: [1, 0.25, 1])
        #expect(lengths.probabilities == [0, 0, 0.75, 0.25])
    }
}
