import Kernels
import Tensors

/// The operand stretched to the shape that it and another shape are both stretched to; ONNX `Expand`.
public struct Expand: Movement {
    public let target: Shape

    public init(to target: Shape) { self.target = target }

    public var name: String { "Expand" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return try broadcastShape(of: [operands[0], target])
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (source, target) = (shapes[0].strides(stretchedTo: result), result.strides)
        return [
            Move(axes: (0..<result.rank).map { .even(result[$0], source: source[$0], target: target[$0]) })
        ]
    }
}

/// The operand repeated along every axis; ONNX `Tile`.
public struct Tile: Movement {
    /// How often, for each axis.
    public let repeats: [Int]

    public init(_ repeats: [Int]) { self.repeats = repeats }

    public var name: String { "Tile" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        guard repeats.count == operands[0].rank, repeats.allSatisfy({ $0 >= 0 }) else {
            throw OperatorError.attribute(
                operation: name, attribute: "repeats", value: "\(repeats)",
                requirement: "an operand of shape \(operands[0]) needs a count for each axis")
        }
        let extents = zip(operands[0].axes, repeats).map { $0.multipliedReportingOverflow(by: $1) }
        return try result(extents.map { $0.overflow ? .max : $0.partialValue }, of: operands)
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (shape, source, target) = (shapes[0], shapes[0].strides, result.strides)
        return [
            Move(
                axes: (0..<result.rank).map { axis in
                    Move.Axis(
                        source: (0..<result[axis]).map { $0 % shape[axis] * source[axis] },
                        target: (0..<result[axis]).map { $0 * target[axis] })
                })
        ]
    }
}
