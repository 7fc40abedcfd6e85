import NumericalMethods

/// Tokens that are independent and uniform over a vocabulary: what a language model is measured on without a text.
public struct RandomTokens: Sendable, Equatable {
    /// Tokens are 0 ..< vocabulary.
    public let vocabulary: Int

    /// - Throws: `DataSetError.impossibleVocabulary`, unless there are 1 to 2³² − 1 tokens to choose from.
    public init(vocabulary: Int) throws(DataSetError) {
        guard (1...Int(UInt32.max)).contains(vocabulary) else { throw .impossibleVocabulary(vocabulary) }
        self.vocabulary = vocabulary
    }

    /// Those of the stream `data.tokens.` and the input's name of a seed, so that each input of a network has its own.
    public func tokens(_ count: Int, seed: UInt64, input: String) -> [Int] {
        var stream = RandomStream(seed: seed, name: "data.tokens.\(input)")
        return stream.integers(count, below: vocabulary)
    }
}
