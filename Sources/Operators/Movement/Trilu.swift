import Kernels
import Tensors

/// The upper or the lower triangle of every matrix of the last two axes, and 0 elsewhere; ONNX `Trilu`.
public struct Trilu: Movement {
    public let isUpper: Bool
    /// By how many places the triangle's edge lies above the diagonal.
    public let offset: Int

    public init(upper: Bool = true, offset: Int = 0) {
        isUpper = upper
        self.offset = offset
    }

    public var name: String { "Trilu" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        guard operands[0].rank >= 2 else {
            throw OperatorError.shapes(
                operation: name, operands: operands, requirement: "matrices have two axes")
        }
        return operands[0]
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (rows, columns) = (result[result.rank - 2], result[result.rank - 1])
        // No offset leads further than beyond the matrix.
        let offset = min(max(offset, -rows), columns)
        let kept = (0..<rows).flatMap { row in
            let edge = min(max(0, row + offset + (isUpper ? 0 : 1)), columns)
            return (isUpper ? edge..<columns : 0..<edge).map { row * columns + $0 }
        }
        let matrix = rows * columns
        return [
            Move(axes: [
                .even(result.count(of: ..<(result.rank - 2)), source: matrix, target: matrix),
                Move.Axis(source: kept, target: kept),
            ])
        ]
    }
}
