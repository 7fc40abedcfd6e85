import Kernels
import Tensors

/// The first operand with some of its parts replaced by those of the third; where, the indices in the second say: the last
/// axis of theirs names a place along the first axes of the data. ONNX `ScatterND`.
public struct ScatterND: Movement {
    /// Whether parts are added to those that stand there (ONNX `reduction` = add).
    public let accumulates: Bool

    public init(accumulating accumulates: Bool = false) { self.accumulates = accumulates }

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
        let starts = stride(from: 0, to: data.count, by: max(1, part))
        let (kept, taken) = scattered(to: places, among: Array(starts))
        let inner = Move.Axis.even(part, source: 1, target: 1)
        return [
            Move(axes: [.init(source: kept, target: kept), inner]), nil,
            Move(axes: [.init(source: places.indices.map { $0 * part }, target: taken), inner]),
        ]
    }
}

/// The first operand with some of its elements replaced by those of the third: each goes to its own place but for one
/// axis, along which it goes where the index in the second says. ONNX `ScatterElements`.
public struct ScatterElements: Movement {
    public let axis: Int
    /// Whether elements are added to those that stand there (ONNX `reduction` = add).
    public let accumulates: Bool

    public init(axis: Int = 0, accumulating accumulates: Bool = false) {
        self.axis = axis
        self.accumulates = accumulates
    }

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
        let (kept, taken) = scattered(to: places, among: Array(0..<result.count))
        return [
            Move(source: kept, target: kept), nil, Move(source: Array(places.indices), target: taken),
        ]
    }
}

extension Movement {
    /// Which places of the data stay, and where each update goes: of those of one place the last one stays, unless they
    /// are added up.
    fileprivate func scattered(to places: [Int], among all: [Int]) -> (kept: [Int?], taken: [Int?]) {
        guard !accumulates else { return (all, places) }
        let last = Dictionary(places.enumerated().map { ($1, $0) }, uniquingKeysWith: max)
        return (
            all.map { last[$0] == nil ? $0 : nil },
            places.enumerated().map { last[$1] == $0 ? $1 : nil }
        )
    }
}
