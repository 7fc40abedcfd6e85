import Kernels
import Tensors

/// Where a relation holds between two operands, element by element in the shape that both are stretched to; ONNX
/// `Equal`, `Less`, `LessOrEqual`, `Greater` and `GreaterOrEqual`. Nothing holds of a NaN.
public struct Comparison: NondifferentiableOperator {
    /// With the names of ONNX.
    public enum Relation: String, Sendable, CaseIterable {
        case equal = "Equal"
        case less = "Less"
        case lessOrEqual = "LessOrEqual"
        case greater = "Greater"
        case greaterOrEqual = "GreaterOrEqual"

        func holds<Number: Comparable>(_ x: Number, _ y: Number) -> Bool {
            switch self {
            case .equal: x == y
            case .less: x < y
            case .lessOrEqual: x <= y
            case .greater: x > y
            case .greaterOrEqual: x >= y
            }
        }
    }

    public let relation: Relation

    public init(_ relation: Relation) { self.relation = relation }

    public var name: String { relation.rawValue }
    public func shape(of operands: [Shape]) throws -> Shape { try broadcastShape(of: operands) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        if let whole = try wholeValue(of: operands, in: shape, { (relation.holds($0, $1) ? 1 : 0, false) }) {
            return whole
        }
        let holds = Scalar.kernels.broadcast(
            operands[0].promoted.plain, operands[1].promoted.plain, to: shape
        ) { relation.holds($0, $1) ? 1 : 0 }
        return Evaluation(.whole(WholeTensor(conditions: holds)))
    }
}

/// Which elements are infinite, or no numbers; ONNX `IsInf` and `IsNaN`.
public struct NumberTest: NondifferentiableOperator {
    public enum Kind: Sendable, Hashable {
        case isNaN
        case isInfinite(detectsNegative: Bool = true, detectsPositive: Bool = true)
    }

    public let kind: Kind

    public init(_ kind: Kind) { self.kind = kind }

    public var name: String { kind == .isNaN ? "IsNaN" : "IsInf" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let found = Scalar.kernels.map(try operands[0].tensor) { holds($0) ? 1 : 0 }
        return Evaluation(.whole(WholeTensor(conditions: found)))
    }

    private func holds(_ x: Double) -> Bool {
        switch kind {
        case .isNaN: x.isNaN
        case .isInfinite(let negative, let positive): x.isInfinite && (x < 0 ? negative : positive)
        }
    }
}

extension WholeTensor {
    /// Of zeros and ones.
    init<Scalar: KernelScalar>(conditions: Tensor<Scalar>) {
        self.init(conditions.doubles.map { $0 == 0 ? 0 : 1 }, shape: conditions.shape)
    }
}
