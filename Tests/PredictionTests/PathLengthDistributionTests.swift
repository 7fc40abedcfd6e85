import Foundation
import Prediction
import Testing

@Suite struct PathLengthDistributionTests {
    @Test("Equal shares make a binomial distribution")
    func binomial() {
        let distribution = PathLengthDistribution(branchShares: Array(repeating: 0.5, count: 10))
        // C(10, k) / 2¹⁰, exact in Double but for the sum's rounding.
        let coefficients = [1, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1].map { Double($0) / 1024 }
        for (found, expected) in zip(distribution.probabilities, coefficients) {
            #expect(abs(found - expected) < 1e-15)
        }
        #expect(distribution.mean == 5)
        #expect(abs(distribution.standardDeviation - 2.5.squareRoot()) < 1e-15)
    }

    @Test("Probabilities have the mean and the deviation of the shares")
    func moments() {
        let shares = (0..<300).map { 1 / (2 + Double($0) / 7) }
        let distribution = PathLengthDistribution(branchShares: shares)
        let probabilities = distribution.probabilities
        #expect(probabilities.count == 301)
        let mean = probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
        let square = probabilities.enumerated().reduce(0) {
            $0 + pow(Double($1.offset) - mean, 2) * $1.element
        }
        // Lengths below a probability of 1e−18 are left out: 300 of them weigh less than 1e−13 of a length.
        #expect(abs(mean - distribution.mean) < 1e-12)
        #expect(abs(square.squareRoot() - distribution.standardDeviation) < 1e-11)
    }
}
