import Expressions
import Kernels
import Tensors

/// y_i = φ(x_i), φ a formula of x alone, with its symbolic derivative.
public struct ExpressionOperator: Operator {
    /// φ, simplified.
    public let expression: Expression
    /// φ′, simplified.
    public let derivative: Expression
    private let valueProgram: ExpressionProgram
    /// φ′(x)·v of x and v.
    private let derivativeProgram: ExpressionProgram

    private static let x = Expression.symbol(.x)
    /// What a derivative is multiplied by.
    private static let factor = Expression.learned(LearnedNumber(name: "v"))

    /// - Parameter expression: without learned numbers, and with numbers in place of all symbols but x.
    /// - Throws: `OperatorError.value` for one that is not.
    public init(_ expression: Expression) throws(OperatorError) {
        let simplified = expression.simplified
        guard simplified.learned.isEmpty,
            !Expression.Symbol.allCases.contains(where: { $0 != .x && simplified.contains($0) })
        else { throw .value(operation: "Expression", reason: "\(simplified) is no formula of x alone") }
        self.expression = simplified
        derivative = simplified.derivative()
        valueProgram = ExpressionProgram(simplified, inputs: [Self.x])
        derivativeProgram = ExpressionProgram(
            .binary(.times, Self.factor, derivative), inputs: [Self.x, Self.factor])
    }

    public var name: String { expression.description }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return operands[0]
    }

    public func reads(for slot: Int) -> Reads {
        if case .number = derivative { Reads() } else { Reads(operands: [0]) }
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let value = Scalar.kernels.evaluate(valueProgram, on: [x])
        if expression.hasDomain, !Scalar.kernels.isFinite(value) { try requireDomain(of: x) }
        return Evaluation(value)
    }

    /// - Throws: `OperatorError.value` with the share of elements that are finite and outside the domain. What leaves the
    ///   range of numbers is no error: it is seen, and told, as an overflow of the network.
    private func requireDomain<Scalar: KernelScalar>(of x: Tensor<Scalar>) throws(OperatorError) {
        var found: [String: Int] = [:]
        for element in x.doubles where element.isFinite {
            guard let (part, reason) = expression.obstacle([.x: element]), let reason else { continue }
            found["\(reason) in \(part)", default: 0] += 1
        }
        guard let (reason, count) = found.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return }
        let share = (1000 * Double(count) / Double(x.shape.count)).rounded() / 10
        throw .value(operation: name, reason: "\(reason) at \(count) elements, \(share) % of all")
    }

    // A diagonal Jacobian is its own transpose.

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: consuming Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        if case .number(let slope) = derivative { return ScaledTensor(cotangent).scaled(by: slope) }
        return ScaledTensor(
            Scalar.kernels.evaluate(derivativeProgram, on: [try point.tensor(0), cotangent]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try vjp(tangent, to: slot, at: point) }
}
