import DataSets
import Testing

struct RandomTokensTests {
    @Test("Tokens follow from seed and input, and the whole vocabulary comes about")
    func draws() throws {
        let tokens = try RandomTokens(vocabulary: 7)
        let drawn = tokens.tokens(3500, seed: 1, input: "input_ids")
        #expect(drawn == tokens.tokens(3500, seed: 1, input: "input_ids"))
        #expect(drawn != tokens.tokens(3500, seed: 2, input: "input_ids"))
        #expect(drawn != tokens.tokens(3500, seed: 1, input: "decoder_input_ids"))
        // Binomial of 3500 and 1/7: mean 500, deviation 21.
        for token in 0..<7 { #expect(abs(drawn.count { $0 == token } - 500) < 105) }
        #expect(drawn.allSatisfy { (0..<7).contains($0) })
    }

    @Test("A vocabulary of none is refused", arguments: [0, -3, 1 << 32])
    func refused(size: Int) {
        let error = #expect(throws: DataSetError.self) { try RandomTokens(vocabulary: size) }
        #expect(error?.description == "Tokens cannot be drawn from a vocabulary of \(size).")
    }
}
