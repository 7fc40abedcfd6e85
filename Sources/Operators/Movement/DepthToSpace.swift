import Kernels
import Tensors

/// Channels brought to space in blocks of `size` by `size`; ONNX `DepthToSpace` (pixel shuffle).
public struct DepthToSpace: Movement {
    public enum Order: String, Sendable {
        /// Depth, column, row: channel (row, column, depth).
        case depthColumnRow = "DCR"
        /// Column, row, depth: channel (depth, row, column), as PyTorch's pixel shuffle has it.
        case columnRowDepth = "CRD"
    }

    public let size: Int
    public let order: Order

    public init(size: Int, order: Order = .depthColumnRow) {
        self.size = size
        self.order = order
    }

    public var name: String { "DepthToSpace" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        let shape = operands[0]
        guard shape.rank == 4, size > 0, shape[1].isMultiple(of: size), (shape[1] / size).isMultiple(of: size)
        else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement: "the channels have to divide into blocks of \(size)")
        }
        let extents = [shape[2], shape[3]].map { $0.multipliedReportingOverflow(by: size) }
        return try result(
            [shape[0], shape[1] / size / size] + extents.map { $0.overflow ? .max : $0.partialValue },
            of: operands)
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (source, target) = (shapes[0].strides, result.strides)
        // How many channels apart the rows, the columns and the depths of a block lie.
        let (row, column, depth) =
            order == .depthColumnRow
            ? (size * result[1], result[1], 1) : (size, 1, size * size)
        return [
            Move(axes: [
                .even(result[0], source: source[0], target: target[0]),
                .even(result[1], source: depth * source[1], target: target[1]),
                .even(shapes[0][2], source: source[2], target: size * target[2]),
                .even(size, source: row * source[1], target: target[2]),
                .even(shapes[0][3], source: source[3], target: size * target[3]),
                .even(size, source: column * source[1], target: target[3]),
            ])
        ]
    }
}
