import Analysis
import Expressions
import Graphs
import Kernels
import NumericalMethods
import Operators
import ResidualNetworks
import Tensors

/// A random stack whose h, f, activation and branch factor are random formulas.
public struct FormulaCase: PropertyCase {
    public var stack: StackCase
    /// `nil` for the stack's own shortcut.
    public var h: Expression?
    /// `nil` for the layout's own f.
    public var f: Expression?
    /// `nil` for ReLU.
    public var activation: Expression?
    /// β, without x; `nil` for 1.
    public var scale: Expression?
    /// p; `nil` where no branch is dropped.
    public var dropPath: Expression?

    public var seed: UInt64 { stack.seed }

    /// Numbers of the place and learned ones, one a unit and one a channel.
    private static let constants: [Expression] = [
        .symbol(.depth), .binary(.over, .symbol(.unit), .symbol(.units)),
        .binary(.power, .symbol(.width), -0.5), .learned(LearnedNumber(name: "a")),
        .learned(LearnedNumber(name: "b", isPerChannel: true)),
    ]
    private static let starts: [String: Expression] = ["a": 0.75, "b": .binary(.minus, 0.5, .symbol(.depth))]

    public init(seed: UInt64) {
        stack = StackCase(seed: seed)
        stack.unitsPerStage = min(stack.unitsPerStage, 5)
        stack.decades = min(stack.decades, 1)
        var stream = RandomStream(seed: seed, name: "formulas")
        h = stream.integer(below: 4) > 0 ? Self.function(from: &stream) : nil
        f = stream.integer(below: 3) > 0 ? Self.function(from: &stream) : nil
        activation =
            stream.integer(below: 3) > 0 || (h == nil && f == nil) ? Self.function(from: &stream) : nil
        scale = stream.integer(below: 3) == 0 ? Self.number(from: &stream) : nil
        dropPath = stream.integer(below: 4) == 0 ? .binary(.times, 0.75, .symbol(.depth)) : nil
    }

    /// Of x. One in five is whatever the grammar has.
    private static func function(from stream: inout RandomStream) -> Expression {
        let depth = 1 + stream.integer(below: 4)
        let isWild = stream.integer(below: 5) == 0
        for _ in 0..<100 {
            let drawn =
                isWild
                ? RandomExpression.draw(depth: depth, from: &stream)
                : RandomExpression.drawTame(depth: depth, leaves: constants, from: &stream)
            if drawn.simplified.contains(.x) { return drawn }
        }
        return .symbol(.x)
    }

    /// A number of each unit or of each channel.
    private static func number(from stream: inout RandomStream) -> Expression {
        let constant = constants[stream.integer(below: constants.count)]
        let number = Expression.number(Double(1 + stream.integer(below: 4)) / 4)
        return stream.integer(below: 2) == 0
            ? .binary(.times, number, constant) : .binary(.plus, number, constant)
    }

    public static func number(seed: UInt64) -> Expression {
        var stream = RandomStream(seed: seed, name: "number")
        return number(from: &stream)
    }

    public var simpler: [FormulaCase] {
        let formulas: [WritableKeyPath<FormulaCase, Expression?>] = [
            \.dropPath, \.scale, \.activation, \.f, \.h,
        ]
        func with<Value>(_ path: WritableKeyPath<FormulaCase, Value>, _ value: Value) -> FormulaCase {
            var copy = self
            copy[keyPath: path] = value
            return copy
        }
        return formulas.filter { self[keyPath: $0] != nil }.map { with($0, nil) }
            + stack.simpler.map { with(\.stack, $0) }
            + formulas.flatMap { path in (self[keyPath: path]?.simplerForms ?? []).map { with(path, $0) } }
    }

    public var description: String {
        let formulas = [
            ("h", h), ("f", f), ("activation", activation), ("scale", scale), ("drop path", dropPath),
        ]
        return formulas.compactMap { name, formula in formula.map { "\(name): \($0), " } }.joined()
            + "in \(stack) (seed \(seed))"
    }

    private static func formula(_ expression: Expression) -> UnitFormula {
        UnitFormula(expression, initials: starts)
    }

    /// - Throws: what a formula is refused with.
    public func design() throws -> NetworkDesign {
        var design = stack.design
        if let h { design.shortcut = try ExpressionShortcut(Self.formula(h)) }
        design.activation = activation.map { FormulaActivation(Self.formula($0)) } ?? ReluActivation()
        design.after = f.map {
            LayersAfterAddition([.activation], activation: FormulaActivation(Self.formula($0)))
        }
        let reader = ExpressionReader(initials: Self.starts)
        design.branchModulation.scale = try scale.map { try DepthSchedule($0.description, reader: reader) }
        design.branchModulation.dropPath = try dropPath.map {
            try DepthSchedule($0.description, reader: reader)
        }
        return design
    }

    public func network() throws -> Network<Double> {
        try Network(design(), parameters: FormulaCaseParameters(stack))
    }

    /// The stack measured; `nil` where a formula has no value somewhere or leaves the range of numbers.
    ///
    /// - Parameter rewrite: makes another network of the case's.
    public func measured(
        _ rewrite: (Network<Double>) throws -> Network<Double> = { $0 }
    ) throws -> MeasuredStack<Double>? {
        do {
            let network = try rewrite(network())
            return try MeasuredStack(network, on: stack.labelledBatch(), masks: SeededMasks(seed: seed))
        } catch VocabularyError.constant, NetworkError.impossibleFormula {
            return nil
        } catch GraphError.operation(_, OperatorError.value) {
            return nil
        }
    }
}

/// Those of the stack, with learned numbers that are others in every channel.
private struct FormulaCaseParameters: ParameterSource {
    let stack: StackCase

    init(_ stack: StackCase) { self.stack = stack }

    func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) throws -> Tensor<Scalar> {
        let values: Tensor<Scalar> = VariedParameters(seed: stack.seed, decades: stack.decades).values(
            name: name, dimensions: dimensions, role: role)
        guard case .constant = role else { return values }
        var stream = RandomStream(seed: stack.seed, name: "learned." + name)
        return values.map { Scalar(Double($0) + stream.uniform(in: -0.25..<0.25)) }
    }
}
