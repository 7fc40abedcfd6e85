import Kernels
import Tensors

/// The first operand with some of its elements replaced by those of the third: each goes to its own place but for one axis,
/// along which it goes where the index in the second says. ONNX `ScatterElements` without reduction.
public struct ScatterElements: Movement {
    public let axis: Int

    public init(axis: Int = 0) { self.axis = axis }

    public var name: String { "ScatterElements" }
    public func isDifferentiable(in slot: Int) -> Bool { slot != 1 }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 3...3)
        let (data, indices) = (operands[0], operands[1])
        let axis = try axis(axis, of: data)
        let fits =
            data.rank == indices.rank && (0..<data.rank).allSatisfy { $0 == axis || indices[$0] <= data[$0] }
        guard fits, operands[2] == indices else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement:
                    "the third has the shape of the indices, which reach no further than the data in all axes but \(axis)"
            )
        }
        return data
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        guard let indices = wholes[1] else { throw OperatorError.notWhole }
        let places = try indices.places(along: axis(axis, of: result), in: result, for: self)
        // Of updates of one place the last one stays.
        let last = Dictionary(places.enumerated().map { ($1, $0) }, uniquingKeysWith: max)
        let kept = (0..<result.count).filter { last[$0] == nil }
        let taken = places.indices.filter { last[places[$0]] == $0 }
        return [
            Move(source: kept, target: kept), nil, Move(source: taken, target: taken.map { places[$0] }),
        ]
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
