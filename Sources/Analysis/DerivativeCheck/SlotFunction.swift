import Graphs
import Kernels
import Operators
import Tensors

/// An operation as a function of the operand in one slot, the others held: x ↦ y(x), with what the operator says of its
/// Jacobian J there. Elements in row-major order.
struct SlotFunction {
    let operation: any Operator
    let slot: Int
    /// Slots that a reverse sweep pulls back to together, this one among them.
    let slots: [Int]
    let x: [Double]
    let y: [Double]
    private let operands: [Value<Double>]
    private let evaluation: Evaluation<Double>

    /// Why an operator gives nothing to compare.
    enum Malformation: Error, CustomStringConvertible {
        case shape(what: String, expected: Shape, found: Shape)
        case changesWithValues

        var description: String {
            switch self {
            case .shape(let what, let expected, let found):
                "\(what) has shape \(found), and \(expected) is needed"
            case .changesWithValues:
                "its value is of real numbers at one point and of whole ones beside it"
            }
        }
    }

    /// - Throws: the operator's error; `Malformation`.
    init(_ operation: any Operator, of operands: [Value<Double>], slot: Int, slots: [Int]) throws {
        self.operation = operation
        self.slot = slot
        self.slots = slots
        x = try operands[slot].scaled.numbers
        var operands = operands
        // Without a scale or statistics, as where it is moved.
        operands[slot] = Value(Tensor(x, shape: operands[slot].shape))
        self.operands = operands
        evaluation = try operation.value(of: operands)
        y = try Self.numbers(of: evaluation, as: operation.shape(of: operands.map(\.shape)))
    }

    var shape: Shape { operands[slot].shape }
    var resultShape: Shape { evaluation.value.shape }
    /// Of all operands.
    var shapes: [Shape] { operands.map(\.shape) }

    /// The same function with another x, at which derivatives are taken.
    func moved(to x: [Double]) throws -> SlotFunction {
        var operands = operands
        operands[slot] = Value(Tensor(x, shape: shape))
        return try SlotFunction(operation, of: operands, slot: slot, slots: slots)
    }

    /// y at another x.
    func value(at x: [Double]) throws -> [Double] {
        var operands = operands
        operands[slot] = Value(Tensor(x, shape: shape))
        return try Self.numbers(of: operation.value(of: operands), as: resultShape)
    }

    /// J t, as the operator says.
    func jvp(_ tangent: [Double]) throws -> [Double] {
        let pushed = try operation.jvp(
            Tensor(tangent, shape: shape), from: slot, at: point(reading: operation.reads(for: slot)))
        return try numbers(of: pushed, as: resultShape, "J t")
    }

    /// Jᵀu, as the operator says.
    func vjp(_ cotangent: [Double]) throws -> [Double] {
        let pulled = try operation.vjp(
            Tensor(cotangent, shape: resultShape), to: slot, at: point(reading: operation.reads(for: slot)))
        return try numbers(of: pulled, as: shape, "Jᵀu")
    }

    /// Jᵀu, as it is found together with those of the other slots.
    func pulledBack(_ cotangent: [Double]) throws -> [Double] {
        let reads = slots.map { operation.reads(for: $0) }
        let all = Reads(
            operands: reads.reduce(into: []) { $0.formUnion($1.operands) },
            result: reads.contains(where: \.result))
        var pulled = try operation.pullBack(
            .resolved(ScaledTensor(Tensor(cotangent, shape: resultShape))), to: slots, at: point(reading: all)
        )
        guard let place = slots.firstIndex(of: slot), place < pulled.count else {
            throw OperatorError.notDifferentiable(operation: operation.name, slot: slot)
        }
        return try numbers(of: pulled.remove(at: place).resolve(), as: shape, "Jᵀu")
    }

    /// Nothing is there that the operator does not ask for: in a sweep it may be gone.
    private func point(reading reads: Reads) -> Point<Double> {
        Point(
            shapes: shapes, resultShape: resultShape,
            operands: operands.indices.map { reads.operands.contains($0) ? operands[$0] : nil },
            result: reads.result ? evaluation.value : nil, residue: evaluation.residue)
    }

    private static func numbers(of evaluation: Evaluation<Double>, as shape: Shape) throws -> [Double] {
        guard case .real(let scaled, _) = evaluation.value else { throw Malformation.changesWithValues }
        guard scaled.tensor.shape == shape else {
            throw Malformation.shape(what: "its value", expected: shape, found: scaled.tensor.shape)
        }
        return scaled.numbers
    }

    private func numbers(of scaled: ScaledTensor<Double>, as shape: Shape, _ what: String) throws -> [Double]
    {
        guard scaled.tensor.shape == shape else {
            throw Malformation.shape(what: what, expected: shape, found: scaled.tensor.shape)
        }
        return scaled.numbers
    }
}

extension SlotFunction {
    /// Whether each element of y depends on the element of x in its place alone, as far as the point tells: no other changes
    /// when those move whose index has a certain bit, or has it not. Every two elements differ in some bit.
    ///
    /// - Parameter step: by which elements move.
    func isDiagonal(moving step: [Double]) throws -> Bool {
        guard shape == resultShape else { return false }
        if operation is any ElementwiseOperator || operation is ExpressionOperator { return true }
        for bit in 0..<(Int.bitWidth - max(0, x.count - 1).leadingZeroBitCount) {
            for moves in [0, 1] {
                let moved = x.indices.map { ($0 >> bit) & 1 == moves ? x[$0] + step[$0] : x[$0] }
                let found = try value(at: moved)
                for index in x.indices where (index >> bit) & 1 != moves {
                    guard found[index].isSame(as: y[index]) else { return false }
                }
            }
        }
        return true
    }
}

extension ScaledTensor<Double> {
    /// The elements with their scale, in row-major order.
    var numbers: [Double] {
        let elements = tensor.doubles
        guard !isPlain else { return elements }
        let scale = coefficient(relativeTo: 0)
        return elements.map { $0 * scale }
    }
}

extension Double {
    /// In all bits, whichever NaN it may be.
    func isSame(as other: Double) -> Bool { bitPattern == other.bitPattern || (isNaN && other.isNaN) }
}
