import Kernels
import Tensors

/// The element of the second operand where the condition in the first holds, else that of the third, in the shape that
/// all are stretched to; ONNX `Where`. What is not taken is not read, so that an infinity there does no harm.
public struct Where: Movement {
    public init() {}

    public var name: String { "Where" }
    public func isDifferentiable(in slot: Int) -> Bool { slot > 0 }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 3...3)
        return try broadcastShape(of: [try broadcastShape(of: Array(operands[1...])), operands[0]])
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        guard let condition = wholes[0] else { throw OperatorError.notWhole }
        let (own, strides) = (result.strides, shapes.map { $0.strides(stretchedTo: result) })
        func place(_ flat: Int, in slot: Int) -> Int {
            (0..<result.rank).reduce(0) { $0 + flat / own[$1] % result[$1] * strides[slot][$1] }
        }
        let holds = (0..<result.count).map { condition.elements[place($0, in: 0)] != 0 }
        return [nil]
            + [1, 2].map { slot in
                let taken = holds.indices.filter { holds[$0] == (slot == 1) }
                return Move(source: taken.map { place($0, in: slot) }, target: taken)
            }
    }
}
