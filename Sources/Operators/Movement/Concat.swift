import Kernels
import Tensors

/// Operands one behind another along an axis; ONNX `Concat`.
public struct Concat: Movement {
    public let axis: Int

    public init(axis: Int) { self.axis = axis }

    public var name: String { "Concat" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...Int.max)
        let axis = try axis(axis, of: operands[0])
        var extents = operands[0].axes
        for operand in operands.dropFirst() {
            let fits =
                operand.rank == extents.count
                && extents.indices.allSatisfy { $0 == axis || operand[$0] == extents[$0] }
            guard fits else {
                throw OperatorError.shapes(
                    operation: name, operands: operands,
                    requirement: "all axes but axis \(axis) have to be equal")
            }
            let (sum, overflows) = extents[axis].addingReportingOverflow(operand[axis])
            extents[axis] = overflows ? .max : sum
        }
        return try result(extents, of: operands)
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (axis, target) = (try axis(axis, of: result), result.strides)
        var start = 0
        return shapes.map { shape in
            defer { start += shape[axis] }
            let source = shape.strides
            return Move(
                axes: (0..<shape.rank).map { current in
                    let shift = current == axis ? start : 0
                    return Move.Axis(
                        source: (0..<shape[current]).map { $0 * source[current] },
                        target: (0..<shape[current]).map { ($0 + shift) * target[current] })
                })
        }
    }
}
