import Foundation
import Kernels
import Operators
import Tensors

/// What PyTorch computes of one operation in double precision: `Scripts/pytorch/make_operator_fixtures.py`.
struct OperatorFixture: Decodable, Sendable, CustomStringConvertible {
    struct Operand: Decodable, Sendable {
        let shape: [Int]
        /// Of real numbers.
        let values: [Double]?
        /// Of whole ones.
        let wholes: [Int]?
    }

    /// As `OperatorCase` has it.
    let name: String
    let operands: [Operand]
    let cotangent: [Double]
    let shape: [Int]
    let value: [Double]
    /// By slot; `null` of slots without derivative.
    let tangents: [[Double]?]
    let vjps: [[Double]?]
    let jvps: [[Double]?]

    var description: String { name }

    /// Those of all families, in order.
    static let all: [OperatorFixture] = families.flatMap(family)

    /// A file that cannot be read is one that no case has a fixture in.
    static func family(_ name: String) -> [OperatorFixture] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(name).json")
        return (try? JSONDecoder().decode([OperatorFixture].self, from: Data(contentsOf: file))) ?? []
    }

    private static let families = [
        "elementwise", "expressions", "arithmetic", "movements", "linear", "reductions", "normalizations",
        "pools",
        "contractions", "attentions", "resamplings",
    ]

    func values<Scalar: KernelScalar>(_ type: Scalar.Type) -> [Value<Scalar>] {
        operands.map { operand in
            let shape = Shape(axes: operand.shape)
            if let wholes = operand.wholes { return .whole(WholeTensor(wholes, shape: shape)) }
            return Value(Tensor(rounding: operand.values ?? [], shape: shape))
        }
    }

    func tensor<Scalar: KernelScalar>(_ values: [Double], like slot: Int? = nil) -> Tensor<Scalar> {
        Tensor(rounding: values, shape: Shape(axes: slot.map { operands[$0].shape } ?? shape))
    }
}
