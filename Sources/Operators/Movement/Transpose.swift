import Kernels
import Tensors

/// Axes in another order: axis i of the result is axis `order[i]` of the operand; ONNX `Transpose`.
public struct Transpose: Movement {
    /// Reversed where it is `nil`.
    public let order: [Int]?

    public init(order: [Int]? = nil) { self.order = order }

    public var name: String { "Transpose" }
    public var role: OperatorRole { .rearrangement }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return Shape(axes: try order(for: operands).map { operands[0][$0] })
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (source, target) = (shapes[0].strides, result.strides)
        return [
            Move(
                axes: try order(for: shapes).enumerated().map { axis, from in
                    .even(result[axis], source: source[from], target: target[axis])
                })
        ]
    }

    /// Whether it exchanges the last two axes of an operand, and leaves the others.
    func transposesMatrices(of operand: Shape) -> Bool {
        let rank = operand.rank
        guard rank >= 2, let order = try? order(for: [operand]) else { return false }
        return order == Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    }

    private func order(for operands: [Shape]) throws -> [Int] {
        let axes = Array(0..<operands[0].rank)
        let order = order ?? axes.reversed()
        guard order.sorted() == axes else {
            throw OperatorError.attribute(
                operation: name, attribute: "perm", value: "\(order)",
                requirement: "the operand of shape \(operands[0]) needs every axis once")
        }
        return order
    }
}
