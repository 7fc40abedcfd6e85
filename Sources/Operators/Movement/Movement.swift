import Kernels
import Tensors

/// An operation that brings elements to other places and changes none: each element of the result is an element of some
/// operand, or a constant.
///
/// Value, VJP and JVP follow from the moves: the derivative is the same rearrangement, and its transpose adds every
/// element to where it came from.
public protocol Movement: MovingOperator {
    /// What of the operand in each slot goes where; `nil` for slots that only say where to, such as indices.
    ///
    /// - Parameters:
    ///   - shapes: of all operands.
    ///   - wholes: the operands of whole numbers, by slot.
    /// - Throws: `OperatorError`, also for indices beyond their axis.
    func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?]

    /// What stands where nothing is moved to; 0 by default.
    var fill: Double { get }
}

extension Movement {
    public var fill: Double { 0 }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { fill == 0 && slots.count == operands }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shapes = operands.map(\.shape)
        let result = try shape(of: shapes)
        var wholes: [Int: WholeTensor] = [:]
        for (slot, operand) in operands.enumerated() {
            if case .whole(let whole) = operand { wholes[slot] = whole }
        }
        // Of nothing: the extents of some axes may still be great.
        let moves =
            result.count == 0
            ? operands.indices.map { isDifferentiable(in: $0) ? Move(source: [], target: []) : nil }
            : try moves(of: shapes, wholes, to: result)
        if zip(operands, moves).contains(where: { $1 != nil && $0.isWhole }) {
            return Evaluation(.whole(try moved(operands, by: moves, to: result)))
        }
        var target = filled(result, with: Scalar(fill))
        for (operand, move) in zip(operands, moves) {
            if let move { bring(try operand.tensor, by: move, into: &target) }
        }
        return Evaluation(target, residue: moves)
    }

    /// Shapes, indices and conditions move like other numbers, and have no derivative.
    private func moved<Scalar>(
        _ operands: [Value<Scalar>], by moves: [Move?], to result: Shape
    ) throws(OperatorError) -> WholeTensor {
        guard let fill = Int(exactly: fill) else {
            throw .value(operation: name, reason: "\(fill) is to fill whole numbers")
        }
        var target = [Int](repeating: fill, count: result.count)
        for (operand, move) in zip(operands, moves) {
            guard let move else { continue }
            let source = try operand.whole.elements
            for pair in move.pairs {
                let (sum, overflows) = source[pair.source].addingReportingOverflow(
                    accumulates ? target[pair.target] : 0)
                guard !overflows else {
                    throw .value(operation: name, reason: "a sum is no whole number of 64 bits")
                }
                target[pair.target] = sum
            }
        }
        return WholeTensor(target, shape: result)
    }

    private func filled<Scalar: KernelScalar>(_ shape: Shape, with value: Scalar) -> Tensor<Scalar> {
        value == 0 ? Tensor(zeros: shape) : Tensor(zeros: shape).map { _ in value }
    }
}
