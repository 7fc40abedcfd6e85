import Kernels
import Tensors

/// Where a derivative is taken: the operands of an operation, its result and the value's residue, as far as they are read.
public struct Point<Scalar: KernelScalar>: Sendable {
    /// Shapes of all operands.
    public let shapes: [Shape]
    /// Shape of the result.
    public let resultShape: Shape
    /// As the value left it.
    public let residue: (any Sendable)?
    private let operands: [Value<Scalar>?]
    private let kept: Value<Scalar>?

    /// - Parameters:
    ///   - operands: by slot: at least those that are read; fewer than there are slots where the last are not.
    ///   - result: where it is read.
    public init(
        shapes: [Shape], resultShape: Shape, operands: [Value<Scalar>?], result: Value<Scalar>? = nil,
        residue: (any Sendable)? = nil
    ) {
        self.shapes = shapes
        self.resultShape = resultShape
        self.operands = operands
        kept = result
        self.residue = residue
    }

    /// The operand in a slot.
    ///
    /// - Throws: `OperatorError.notKept` where `reads` does not name it.
    public func operand(_ slot: Int) throws(OperatorError) -> Value<Scalar> {
        guard operands.indices.contains(slot), let value = operands[slot] else {
            throw .notKept(what: "operand \(slot)")
        }
        return value
    }

    /// The operand in a slot as a tensor of numbers.
    public func tensor(_ slot: Int) throws(OperatorError) -> Tensor<Scalar> { try operand(slot).tensor }

    /// The result as a tensor of numbers.
    public var result: Tensor<Scalar> {
        get throws(OperatorError) {
            guard let kept else { throw .notKept(what: "result") }
            return try kept.tensor
        }
    }

    /// The residue as what the value set aside.
    public func residue<Residue>(as type: Residue.Type = Residue.self) throws(OperatorError) -> Residue {
        guard let residue = residue as? Residue else { throw .notKept(what: "residue") }
        return residue
    }
}
