import NumericalMethods
import Testing

@Suite struct QuantilesTests {
    /// numpy.quantile([1, 2, 3, 4, 10], …) gives the same: positions 1, 2, 3 of 0…4.
    @Test func quartilesOfFive() throws {
        let quantiles = try Quantiles(of: [10, 1, 4, 2, 3])
        #expect(quantiles.minimum == 1)
        #expect(quantiles.lowerQuartile == 2)
        #expect(quantiles.median == 3)
        #expect(quantiles.upperQuartile == 4)
        #expect(quantiles.maximum == 10)
        #expect(quantiles.sorted == [1, 2, 3, 4, 10])
    }

    @Test func evenCountsInterpolate() throws {
        let quantiles = try Quantiles(of: [4, 1, 2, 3])
        #expect(quantiles.median == 2.5)
        #expect(quantiles.lowerQuartile == 1.75)
        #expect(try quantiles.quantile(0.1) == 1 + 0.1 * 3)
    }

    @Test func oneValueIsEveryQuantile() throws {
        let quantiles = try Quantiles(of: [-2])
        #expect(quantiles.lowerQuartile == -2 && quantiles.median == -2 && quantiles.maximum == -2)
    }

    @Test func badSamplesAreRefused() throws {
        #expect(throws: NumericalError.tooFewValues(operation: "a quantile", needed: 1, found: 0)) {
            try Quantiles(of: [])
        }
        #expect(throws: NumericalError.self) { try Quantiles(of: [1, .nan]) }
        let quantiles = try Quantiles(of: [1, 2])
        #expect(throws: NumericalError.self) { try quantiles.quantile(1.5) }
        #expect(throws: NumericalError.self) { try quantiles.quantile(.nan) }
    }
}
