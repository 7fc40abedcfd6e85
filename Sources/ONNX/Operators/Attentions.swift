import Operators

extension OperatorCatalogue {
    static let attentions: [String: Translation] = [
        "Attention": Translation { try $0.attention() },
        "RotaryEmbedding": Translation { try $0.rotaryEmbedding() },
    ]
}

extension NodeReading {
    fileprivate mutating func attention() throws -> Operand {
        for (slot, name) in [(4, "past_key"), (5, "past_value"), (6, "nonpad_kv_seqlen")]
        where given(slot) != nil { throw unsupported(name, node.inputs[slot]) }
        let mask = given(3)
        let queries = try givenInt("q_num_heads")
        let keys = try givenInt("kv_num_heads")
        let attention = Attention(
            heads: queries.flatMap { queries in keys.map { .init(queries: queries, keys: $0) } },
            scale: try givenFloat("scale"), mask: mask.map { $0.isReal ? .addend : .condition } ?? .none,
            isCausal: try flag("is_causal"), softcap: try float("softcap", default: 0))
        return try apply(attention, to: (0..<3).map(operand) + (mask.map { [$0] } ?? []))
    }
}
