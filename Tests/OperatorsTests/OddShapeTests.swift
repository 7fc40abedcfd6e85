import Foundation
import Kernels
import Operators
import Tensors
import Testing

/// Shapes of which no extent is a multiple of a register's lanes, and that reach beyond them: what kernels of single
/// precision leave over at an edge is computed too.
struct OddShapeTests {
    private static let cases: [(String, any Operator, [[Int]])] = [
        ("attention", Attention(), [[1, 4, 17, 19], [1, 2, 33, 19], [1, 2, 33, 5]]),
        (
            "attention by heads", Attention(heads: .init(queries: 3, keys: 1), isCausal: true, softcap: 2),
            [[2, 17, 57], [2, 17, 19], [2, 17, 21]]
        ),
        (
            "attention with a bias", Attention(mask: .addend),
            [[1, 1, 1, 3], [1, 1, 37, 3], [1, 1, 37, 1], [37]]
        ),
        ("matrices", MatMul(), [[3, 17, 33], [33, 35]]),
        (
            "layer normalisation", Standardization(over: .trailingAxes(from: 1)),
            [[3, 35, 5], [35, 5], [35, 5]]
        ),
        ("group normalisation", Standardization(over: .channels(groups: 3)), [[1, 33, 7], [33], [3]]),
        ("softmax", Softmax(axis: 1), [[2, 37, 3]]),
        (
            "resizing", Resize(to: .extents([31, 9]), axes: [2, 3], mode: .cubic()), [[1, 3, 17, 19]]
        ),
        ("sum of three", Add.ofAny, [[3, 1, 17], [35, 1], [35, 17]]),
        ("largest of three", Max(), [[3, 1, 17], [35, 1], [35, 17]]),
        ("dropout", Dropout(dropProbability: 0.5), [[3, 35, 17], [3, 1, 1]]),
        ("elements", Mish(), [[1, 8195]]),
        ("one element", Standardization(over: .channels(groups: 1)), [[1, 1]]),
        ("batch of none", Attention(), [[0, 1, 3, 2], [0, 1, 3, 2], [0, 1, 3, 2]]),
    ]
    private static let contractions = [
        ("bqhd,bkhd->bhqk", [[1, 17, 3, 19], [1, 33, 3, 19]]), ("...ij,jk->...ik", [[3, 17, 33], [33, 5]]),
        ("bii,bi->b", [[3, 17, 17], [3, 17]]), ("ij,jk,lk->il", [[17, 33], [33, 3], [5, 3]]),
    ]

    private func check(_ name: String, _ operation: any Operator, _ shapes: [[Int]]) throws {
        func numbers(_ count: Int, _ seed: Int) -> [Double] {
            (0..<count).map { sin(Double($0 * $0 % 8191 + 7 * seed)) }
        }
        func applied<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> Applied<Scalar> {
            try Applied(
                operation,
                shapes.enumerated().map { slot, axes in
                    let shape = Shape(axes: axes)
                    // In single precision, so that both compute with the same.
                    let rounded = numbers(shape.count, slot).map { Double(Float($0)) }
                    return Value(Tensor(rounding: rounded, shape: shape))
                })
        }
        let (single, double) = (try applied(Float.self), try applied(Double.self))
        // Roundings of 6e−8, of which some hundred add up at random.
        #expect(distance(single.value, double.value) < 1e-5, "\(name)")
        for slot in shapes.indices where operation.isDifferentiable(in: slot) {
            let (own, result) = (double.shapes[slot], double.resultShape)
            let (c, t) = (numbers(result.count, 11), numbers(own.count, 12))
            let pulled = try double.vjp(Tensor(rounding: c, shape: result), to: slot)
            let pushed = try double.jvp(Tensor(rounding: t, shape: own), from: slot)
            #expect(
                distance(try single.vjp(Tensor(rounding: c, shape: result), to: slot), pulled) < 1e-5,
                "\(name), slot \(slot)")
            #expect(
                distance(try single.jvp(Tensor(rounding: t, shape: own), from: slot), pushed) < 1e-5,
                "\(name), slot \(slot)")
            let (above, below) = (inner(pushed, c), inner(t, pulled))
            #expect(
                abs(above - below) <= 1e-13 * (norm(pushed) * norm(c) + norm(t) * norm(pulled)),
                "\(name), slot \(slot): \(above) against \(below)")
        }
    }

    @Test("Single precision agrees with double precision, and JVP with VJP", arguments: cases.indices)
    func agreement(index: Int) throws {
        let (name, operation, shapes) = Self.cases[index]
        try check(name, operation, shapes)
    }

    @Test("So do contractions", arguments: contractions)
    func agreement(equation: String, shapes: [[Int]]) throws {
        try check(equation, try Einsum(equation), shapes)
    }
}
