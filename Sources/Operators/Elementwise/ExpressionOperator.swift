import Expressions
import Kernels
import Tensors

/// y_i = φ(x_i, a, …), φ a formula of x and of learned numbers, with its symbolic derivatives.
///
/// Operands are x and, in the order of `learned`, the learned numbers, each stretched to x's shape (by the rule of
/// `Shape.broadcast`); a formula without x has the learned numbers alone.
public struct ExpressionOperator: Operator {
    /// φ, simplified.
    public let expression: Expression
    /// What the operands stand for.
    private let inputs: [Expression]
    /// φ as steps over the operands.
    package let valueProgram: ExpressionProgram
    private let slopes: [Slope]
    private let hasDomain: Bool

    /// ∂φ/∂input, simplified.
    private struct Slope {
        let derivative: Expression
        /// Slots of the operands in it.
        let reads: [Int]
        /// Its product with a cotangent or a tangent, of the operands in it and that.
        let program: ExpressionProgram

        init(of expression: Expression, by input: Expression, among inputs: [Expression]) {
            let derivative = expression.derivative(by: input)
            let reads = inputs.indices.filter { derivative.contains(inputs[$0]) }
            // A variable that no formula has.
            let factor = Expression.learned(LearnedNumber(name: ""))
            self.derivative = derivative
            self.reads = reads
            program = ExpressionProgram(
                .binary(.times, factor, derivative), inputs: reads.map { inputs[$0] } + [factor])
        }
    }

    /// - Parameter expression: with numbers in place of all symbols but x.
    /// - Throws: `OperatorError.value` for one that is not, and for a constant.
    public init(_ expression: Expression) throws(OperatorError) {
        let simplified = expression.simplified
        guard !Expression.Symbol.allCases.contains(where: { $0 != .x && simplified.contains($0) }) else {
            throw .value(operation: "Expression", reason: "\(simplified) is no formula of x alone")
        }
        let inputs =
            (simplified.contains(.x) ? [Expression.symbol(.x)] : []) + simplified.learned.map { .learned($0) }
        guard !inputs.isEmpty else {
            throw .value(operation: "Expression", reason: "\(simplified) is a constant")
        }
        self.expression = simplified
        self.inputs = inputs
        valueProgram = ExpressionProgram(simplified, inputs: inputs)
        slopes = inputs.map { Slope(of: simplified, by: $0, among: inputs) }
        hasDomain = simplified.hasDomain
    }

    public var name: String { expression.description }

    public func shape(of operands: [Shape]) throws -> Shape {
        try broadcastShape(of: operands, count: inputs.count...inputs.count)
    }

    public func reads(for slot: Int) -> Reads { Reads(operands: Set(slopes[slot].reads)) }

    public var truncatesNegatives: Bool {
        expression == .unary(.relu, .symbol(.x)) || expression == .binary(.max, .symbol(.x), 0)
            || expression == .binary(.max, 0, .symbol(.x))
    }

    public func isLinear(in slots: [Int], of operands: Int) -> Bool {
        slots == [0] && inputs[0] == .symbol(.x) && expression.linearFactor != nil
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let tensors = try operands.map { try $0.tensor.stretched(to: shape) }
        var value = Scalar.kernels.evaluate(valueProgram, on: tensors)
        // Of single numbers alone it has the shape of the first.
        if value.shape != shape { value = value.reshaped(shape) }
        if hasDomain, !Scalar.kernels.isFinite(value) { try requireDomain(of: tensors) }
        return Evaluation(value)
    }

    /// - Throws: `OperatorError.value` with the share of elements that are finite and outside the domain. What leaves the
    ///   range of numbers is no error: it is seen, and told, as an overflow of the network.
    private func requireDomain<Scalar: KernelScalar>(of tensors: [Tensor<Scalar>]) throws(OperatorError) {
        let operands = tensors.map(\.doubles)
        let elements = operands.map(\.count).max() ?? 0
        var found: [String: Int] = [:]
        for index in 0..<elements {
            let values = operands.map { $0.count == 1 ? $0[0] : $0[index] }
            guard values.allSatisfy(\.isFinite) else { continue }
            var (symbols, learned) = ([Expression.Symbol: Double](), [LearnedNumber: Double]())
            for (input, value) in zip(inputs, values) {
                switch input {
                case .symbol(let symbol): symbols[symbol] = value
                case .learned(let number): learned[number] = value
                default: break
                }
            }
            guard let (part, reason) = expression.obstacle(symbols, learned: learned), let reason else {
                continue
            }
            found["\(reason) in \(part)", default: 0] += 1
        }
        guard let (reason, count) = found.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return }
        let share = (1000 * Double(count) / Double(elements)).rounded() / 10
        throw .value(operation: name, reason: "\(reason) at \(count) elements, \(share) % of all")
    }

    // A diagonal Jacobian is its own transpose, but for operands that are stretched.

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: consuming Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let pulled = try product(consume cotangent, in: slot, at: point)
        return pulled.replacing(tensor: Scalar.kernels.sum(pulled.tensor, to: point.shapes[slot]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        try product(Scalar.kernels.stretch(tangent, to: point.resultShape), in: slot, at: point)
    }

    /// ∂φ/∂input·factor.
    private func product<Scalar: KernelScalar>(
        _ factor: consuming Tensor<Scalar>, in slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let slope = slopes[slot]
        if case .number(let number) = slope.derivative { return ScaledTensor(factor).scaled(by: number) }
        let operands = try slope.reads.map { try point.tensor($0).stretched(to: point.resultShape) }
        return ScaledTensor(Scalar.kernels.evaluate(slope.program, on: operands, replacing: factor))
    }
}

extension Tensor where Scalar: KernelScalar {
    /// In a greater shape, but for a single number, which programs take as it is.
    fileprivate func stretched(to shape: Shape) -> Tensor {
        self.shape.count == 1 ? self : Scalar.kernels.stretch(self, to: shape)
    }
}
