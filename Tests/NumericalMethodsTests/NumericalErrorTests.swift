import CGSL
import Testing

@testable import NumericalMethods

@Suite struct NumericalErrorTests {
    /// GSL's default handler would have ended the process before the throw.
    @Test func failuresOfGSLBecomeErrors() throws {
        // Fewer rows than columns, which GSL does not do.
        var (matrix, right, values) = ([1.0, 2.0], [0.0, 0, 0, 0], [0.0, 0])
        let status = cgsl_svd_jacobi(&matrix, &right, &values, 1, 2)
        let error = try #require(throws: NumericalError.self) {
            try NumericalError.check(status, "a decomposition")
        }
        #expect(error.description.hasPrefix("a decomposition failed: "))
    }

    @Test func messagesAreSentences() {
        let error = NumericalError.notFinite(operation: "a linear fit", index: 2, value: .nan)
        #expect(error.description == "a linear fit needs finite numbers and got nan at index 2")
        let few = NumericalError.tooFewValues(operation: "a quantile", needed: 1, found: 0)
        #expect(few.description == "a quantile needs at least 1 value and got 0")
    }
}
