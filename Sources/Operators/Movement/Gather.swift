import Kernels
import Tensors

/// The parts of the first operand along an axis that the indices in the second name; ONNX `Gather`. Negative indices count
/// from the end.
public struct Gather: Movement {
    public let axis: Int

    public init(axis: Int = 0) { self.axis = axis }

    public var name: String { "Gather" }
    public var role: OperatorRole { .lookup }
    public func isDifferentiable(in slot: Int) -> Bool { slot == 0 }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { slots == [0] }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...2)
        let (data, indices) = (operands[0], operands[1])
        let axis = try axis(axis, of: data)
        let axes = data.axes[..<axis] + indices.axes + data.axes[(axis + 1)...]
        return try result(Array(axes), of: operands)
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (data, axis) = (shapes[0], try axis(axis, of: shapes[0]))
        guard let wanted = wholes[1] else { throw OperatorError.notWhole }
        // The indices as one axis, whatever their shape.
        let flat = Shape(axes: [
            data.count(of: ..<axis), wanted.elements.count, data.count(of: (axis + 1)...),
        ])
        let (source, target) = (
            Shape(axes: [flat[0], data[axis], flat[2]]).strides, flat.strides
        )
        let places = try wanted.elements.map { try place($0, of: data[axis]) * source[1] }
        return [
            Move(axes: [
                .even(flat[0], source: source[0], target: target[0]),
                Move.Axis(source: places, target: places.indices.map { $0 * target[1] }),
                .even(flat[2], source: source[2], target: target[2]),
            ]), nil,
        ]
    }
}

/// For every index in the second operand, the element of the first at the same place but for one axis, where the index
/// stands; ONNX `GatherElements`.
public struct GatherElements: Movement {
    public let axis: Int

    public init(axis: Int = 0) { self.axis = axis }

    public var name: String { "GatherElements" }
    public func isDifferentiable(in slot: Int) -> Bool { slot == 0 }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...2)
        let (data, indices) = (operands[0], operands[1])
        let axis = try axis(axis, of: data)
        let fits =
            data.rank == indices.rank && (0..<data.rank).allSatisfy { $0 == axis || indices[$0] <= data[$0] }
        guard fits else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement: "the indices reach no further than the data in all axes but \(axis)")
        }
        return indices
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        guard let wanted = wholes[1] else { throw OperatorError.notWhole }
        let places = try wanted.places(along: axis(axis, of: shapes[0]), in: shapes[0], for: self)
        return [Move(source: places, target: Array(places.indices)), nil]
    }
}

extension WholeTensor {
    /// For every index, the element of data at the same place but for one axis, where the index stands.
    ///
    /// - Throws: `OperatorError.value` for an index beyond the axis.
    func places(
        along axis: Int, in data: Shape, for operation: some Operator
    ) throws(OperatorError) -> [Int] {
        let (strides, own) = (data.strides, shape.strides)
        var places: [Int] = []
        places.reserveCapacity(elements.count)
        for (flat, index) in elements.enumerated() {
            var place = try operation.place(index, of: data[axis]) * strides[axis]
            for current in 0..<data.rank where current != axis {
                place += flat / own[current] % shape[current] * strides[current]
            }
            places.append(place)
        }
        return places
    }
}
