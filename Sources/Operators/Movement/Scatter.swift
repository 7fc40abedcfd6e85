import Kernels
import Tensors

/// The first operand with some of its parts replaced by those of the third; where, the indices in the second say: the last
/// axis of theirs names a place along the first axes of the data. ONNX `ScatterND` without reduction.
public struct ScatterND: Movement {
    public init() {}

    public var name: String { "ScatterND" }
    public func isDifferentiable(in slot: Int) -> Bool { slot != 1 }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 3...3)
        let (data, indices) = (operands[0], operands[1])
        guard let depth = indices.axes.last, depth > 0, depth <= data.rank,
            operands[2].axes == indices.axes.dropLast() + data.axes[depth...]
        else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement:
                    "the third has the indices' axes but the last, then those of the data that they leave open"
            )
        }
        return data
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        guard let indices = wholes[1], let depth = shapes[1].axes.last else { throw OperatorError.notWhole }
        let (data, strides) = (shapes[0], shapes[0].strides)
        let part = data.count(of: depth...)
        let places = try stride(from: 0, to: indices.elements.count, by: max(1, depth)).map { first in
            try (0..<depth).reduce(0) { sum, axis in
                try sum + place(indices.elements[first + axis], of: data[axis]) * strides[axis]
            }
        }
        // Of updates of one place the last one stays.
        let last = Dictionary(places.enumerated().map { ($1, $0) }, uniquingKeysWith: max)
        let kept = stride(from: 0, to: data.count, by: max(1, part)).map { last[$0] == nil ? $0 : nil }
        let taken = places.enumerated().map { last[$1] == $0 ? $1 : nil }
        let inner = Move.Axis.even(part, source: 1, target: 1)
        return [
            Move(axes: [.init(source: kept, target: kept), inner]), nil,
            Move(axes: [.init(source: places.indices.map { $0 * part }, target: taken), inner]),
        ]
    }
}

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
