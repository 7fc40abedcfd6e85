import Kernels
import Tensors

/// A connective of two conditions, element by element in the shape that both are stretched to; ONNX `And`, `Or` and
/// `Xor`.
public struct Connective: NondifferentiableOperator {
    /// With the names of ONNX.
    public enum Kind: String, Sendable, CaseIterable {
        case and = "And"
        case or = "Or"
        case xor = "Xor"

        func holds(_ x: Bool, _ y: Bool) -> Bool {
            switch self {
            case .and: x && y
            case .or: x || y
            case .xor: x != y
            }
        }
    }

    public let kind: Kind

    public init(_ kind: Kind) { self.kind = kind }

    public var name: String { kind.rawValue }
    public func shape(of operands: [Shape]) throws -> Shape { try broadcastShape(of: operands) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let value: Evaluation<Scalar>? = try wholeValue(of: operands, in: shape) {
            (kind.holds($0 != 0, $1 != 0) ? 1 : 0, false)
        }
        guard let value else { throw OperatorError.notWhole }
        return value
    }
}

/// Where a condition does not hold; ONNX `Not`.
public struct Not: NondifferentiableOperator {
    public init() {}

    public var name: String { "Not" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let whole = try operands[0].whole
        return Evaluation(.whole(WholeTensor(whole.elements.map { $0 == 0 ? 1 : 0 }, shape: whole.shape)))
    }
}
