import Operators
import Tensors
import Testing

/// What operators are to whoever looks for structure, and what they cost.
struct OperatorRoleTests {
    private static func shape(_ axes: Int...) -> Shape { Shape(axes: axes) }

    @Test("Names are those of ONNX, and sums, products and rearrangements say so")
    func roles() throws {
        let expected: [(any Operator, String, OperatorRole)] = [
            (Add(), "Add", .sum), (Add.subtracting, "Sub", .difference), (Add.ofAny, "Sum", .sum),
            // It scales what it merges.
            (Add.mean, "Mean", .other),
            (Identity(), "Identity", .identity), (Cast(to: .real), "Cast", .identity),
            (Reshape([1]), "Reshape", .rearrangement), (Reshape.flatten(), "Flatten", .rearrangement),
            (Reshape.squeeze(), "Squeeze", .rearrangement),
            (Reshape.unsqueeze([0]), "Unsqueeze", .rearrangement),
            (Attention(), "Attention", .product(slots: [0, 1, 2])),
            (try Einsum("ij,jk,k"), "Einsum", .product(slots: [0, 1, 2])),
            (try Einsum("i...j->...ji"), "Einsum", .rearrangement),
            (try Einsum("ij->i"), "Einsum", .other), (try Einsum("ii->i"), "Einsum", .other),
            // Its mask is no factor that could be learned.
            (Dropout(dropProbability: 0.1), "Dropout", .other),
            (Standardization(over: .trailingAxes(from: 1)), "LayerNormalization", .other),
            (
                Standardization(over: .trailingAxes(from: 1), subtractsMean: false), "RMSNormalization",
                .other
            ),
            (Standardization(over: .channels(groups: 2)), "GroupNormalization", .other),
            (Standardization(over: .channels(groups: nil)), "InstanceNormalization", .other),
        ]
        for (operation, name, role) in expected {
            #expect(operation.name == name)
            #expect(operation.role == role, "\(name)")
        }
    }

    @Test("Multiply-adds of products are those of the matrix products that they are")
    func costs() throws {
        let (q, k, v) = (Self.shape(2, 4, 3, 5), Self.shape(2, 2, 7, 5), Self.shape(2, 2, 7, 6))
        // Scores of 3 queries and 7 keys in 8 heads, by 5 products each, and by 6 from there on.
        let attention = 8 * 3 * 7 * 5 + 8 * 3 * 7 * 6
        #expect(Attention().multiplyAdds(of: [q, k, v]) == attention)
        let (a, b) = (Self.shape(2, 1, 3, 4), Self.shape(5, 4, 6))
        let matrices = MatMul().multiplyAdds(of: [a, b])
        #expect(matrices == 2 * 5 * 3 * 4 * 6)
        #expect(try Einsum("...ij,...jk->...ik").multiplyAdds(of: [a, b]) == matrices)
        // j is summed before the product, and then i·k are multiplied; behind it stands a product over k.
        let chain = [Self.shape(2, 3), Self.shape(4), Self.shape(4, 5)]
        #expect(try Einsum("ij,k,kl->il").multiplyAdds(of: chain) == 2 * 4 + 2 * 4 * 5)
        #expect(try Einsum("ij->ji").multiplyAdds(of: [Self.shape(2, 3)]) == 0)
        let large = [Self.shape(1 << 22, 1 << 22), Self.shape(1 << 22, 1 << 22)]
        #expect(try Einsum("ij,jk->ik").multiplyAdds(of: large) == .max)
        // Of operands that do not fit.
        #expect(Attention().multiplyAdds(of: [q, k]) == 0)
        #expect(try Einsum("ij,jk->ik").multiplyAdds(of: [a]) == 0)
    }
}
