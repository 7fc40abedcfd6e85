import Kernels
import Tensors

/// Parts of the first operand; which, the indices in the second say: the last axis of theirs names a place along axes
/// of the data. ONNX `GatherND`.
public struct GatherND: Movement {
    /// First axes that both have, and that are gone along together.
    public let batchAxes: Int

    public init(batchAxes: Int = 0) { self.batchAxes = batchAxes }

    public var name: String { "GatherND" }
    public func isDifferentiable(in slot: Int) -> Bool { slot == 0 }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...2)
        let (data, indices) = (operands[0], operands[1])
        guard let depth = indices.axes.last, batchAxes >= 0, batchAxes < min(data.rank, indices.rank),
            depth > 0, depth <= data.rank - batchAxes,
            data.axes.prefix(batchAxes) == indices.axes.prefix(batchAxes)
        else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement:
                    "\(batchAxes) first axes are equal, and the last of the indices counts axes of the data"
            )
        }
        return try result(indices.axes.dropLast() + data.axes[(batchAxes + depth)...], of: operands)
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        guard let wanted = wholes[1], let depth = shapes[1].axes.last else { throw OperatorError.notWhole }
        let (data, strides) = (shapes[0], shapes[0].strides)
        let (batch, part) = (data.count(of: ..<batchAxes), data.count(of: (batchAxes + depth)...))
        let (count, size) = (wanted.elements.count / depth, data.count(of: batchAxes...))
        let places = try (0..<count).map { index in
            try (0..<depth).reduce(index / max(1, count / max(1, batch)) * size) { sum, axis in
                let index = wanted.elements[index * depth + axis]
                return try sum + place(index, of: data[batchAxes + axis]) * strides[batchAxes + axis]
            }
        }
        return [
            Move(axes: [
                Move.Axis(source: places, target: places.indices.map { $0 * part }),
                .even(part, source: 1, target: 1),
            ]), nil,
        ]
    }
}
