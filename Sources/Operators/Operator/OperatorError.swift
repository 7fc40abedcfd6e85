import Tensors

/// Why an operation cannot be applied. Whoever applies it says at which node.
public enum OperatorError: Error, Equatable, CustomStringConvertible {
    case operandCount(operation: String, expected: ClosedRange<Int>, found: Int)
    /// Shapes that do not go together; `requirement` says what would.
    case shapes(operation: String, operands: [Shape], requirement: String)
    /// An attribute that is out of its range, or that nobody has given a derivative.
    case attribute(operation: String, attribute: String, value: String, requirement: String)
    /// Values, known only when they are computed, that cannot be meant: an index beyond its axis.
    case value(operation: String, reason: String)
    case notReal
    case notWhole
    /// A derivative reads what nobody kept for it: `reads` is incomplete.
    case notKept(what: String)
    /// There is no derivative from this operand.
    case notDifferentiable(operation: String, slot: Int)

    public var description: String {
        switch self {
        case .operandCount(let operation, let expected, let found):
            let (least, most) = (expected.lowerBound, expected.upperBound)
            let count = least == most || most == .max ? "\(least)" : "\(least) to \(most)"
            let noun = count == "1" ? "operand" : "operands"
            return
                "\(operation) takes \(count) \(noun)\(most == .max ? " or more" : "") and is given \(found)."
        case .shapes(let operation, let operands, let requirement):
            let shapes = operands.map(\.description).joined(separator: ", ")
            return "\(operation) cannot take operands of the shapes \(shapes): \(requirement)."
        case .attribute(let operation, let attribute, let value, let requirement):
            return "\(operation) with \(attribute) = \(value) is not supported: \(requirement)."
        case .value(let operation, let reason): return "\(operation) cannot be computed: \(reason)."
        case .notReal: return "Whole numbers stand where real ones are needed."
        case .notWhole: return "Real numbers stand where whole ones (indices, conditions) are needed."
        case .notKept(let what): return "The \(what) was not kept for the derivative."
        case .notDifferentiable(let operation, let slot):
            return "\(operation) has no derivative with respect to its operand \(slot)."
        }
    }
}
