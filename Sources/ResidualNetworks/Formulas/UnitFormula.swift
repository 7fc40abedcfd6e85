import Expressions
import Graphs
import Operators
import Tensors

/// A formula that stands in every unit: of an element x, of the unit's position, and of learned numbers.
///
/// A learned number @a is a parameter of each unit, @a[n] one of each of its channels.
public struct UnitFormula: Sendable, Equatable, CustomStringConvertible {
    /// Simplified.
    public let expression: Expression
    /// What its learned numbers start from, by name: formulas of the position.
    public let initials: [String: Expression]

    public init(_ expression: Expression, initials: [String: Expression] = [:]) {
        self.expression = expression.simplified
        let names = Set(self.expression.learned.map(\.name))
        self.initials = initials.filter { names.contains($0.key) }
    }

    /// - Throws: `SyntaxError` where the text is no formula.
    public init(_ text: String, reader: ExpressionReader) throws(SyntaxError) {
        self.init(try reader.expression(text), initials: reader.initials)
    }

    /// In normal form.
    public var description: String { expression.description }

    /// The formula of x and of learned numbers that it is at a unit.
    ///
    /// - Throws: `NetworkError.impossibleFormula` where a part of it has no value there.
    public func bound(at position: UnitPosition) throws(NetworkError) -> Expression {
        try requireValue(of: expression, at: position)
        return expression.bound(position.symbols).simplified
    }

    /// The formula of x that it is at a unit before training, with what learned numbers start from.
    ///
    /// - Throws: `NetworkError.impossibleFormula` where a part of it has no value there.
    public func initial(at position: UnitPosition) throws(NetworkError) -> Expression {
        var values: [LearnedNumber: Double] = [:]
        for number in expression.learned { values[number] = try start(of: number, at: position) }
        let formula = try bound(at: position).bound([:], learned: values)
        try requireValue(of: formula, at: position)
        return formula.simplified
    }

    /// What a learned number starts from at a unit.
    func start(of number: LearnedNumber, at position: UnitPosition) throws(NetworkError) -> Double {
        guard let start = initials[number.name] else {
            throw refusal(at: position, "@\(number.name) has no value to start from")
        }
        try requireValue(of: start, at: position)
        guard let value = start.value(position.symbols) else {
            throw refusal(at: position, "@\(number.name) starts from \(start), which is no number")
        }
        return value
    }

    private func requireValue(
        of expression: Expression, at position: UnitPosition
    ) throws(NetworkError) {
        guard let (part, reason) = expression.obstacle(position.symbols) else { return }
        throw refusal(
            at: position, "its part \(part) has no value: \(reason ?? "it leaves the range of numbers")")
    }

    func refusal(at position: UnitPosition, _ reason: String) -> NetworkError {
        .impossibleFormula(formula: description, reason: "at unit \(position.index) \(reason)")
    }
}

extension NetworkGraph {
    /// φ(x).
    ///
    /// - Parameters:
    ///   - owner: what names of its learned numbers begin with.
    /// - Returns: the value, with λ where φ is λ·x for a number λ.
    /// - Throws: `NetworkError.impossibleFormula`, and `GraphError` where its shapes do not go together.
    public mutating func apply(
        _ formula: UnitFormula, to x: Graph.ValueID, at position: UnitPosition, owner: String, label: String
    ) throws -> (value: Graph.ValueID, factor: Double?) {
        let bound = try formula.bound(at: position)
        guard let slope = bound.linearFactor else {
            guard bound.contains(.x) else {
                throw formula.refusal(at: position, "it is \(bound), a constant, by which no signal passes")
            }
            let learned = try learnedNumbers(of: bound, in: formula, at: position, owner: owner, channels: x)
            return (try apply(ExpressionOperator(bound), to: [x] + learned, label: label), nil)
        }
        if case .number(let factor) = slope { return (try scale(x, by: factor, label: label), factor) }
        guard !slope.learned.isEmpty else {
            throw formula.refusal(at: position, "its factor \(slope) leaves the range of numbers")
        }
        let learned = try learnedNumbers(of: slope, in: formula, at: position, owner: owner, channels: x)
        var factor = learned[0]
        if case .learned = slope {
        } else {
            factor = try apply(ExpressionOperator(slope), to: learned, label: label + ".factor")
        }
        return (try apply(Mul(), to: x, factor, label: label), nil)
    }

    /// - Parameter channels: a value of as many channels as @a[n] has numbers.
    private mutating func learnedNumbers(
        of expression: Expression, in formula: UnitFormula, at position: UnitPosition, owner: String,
        channels: Graph.ValueID
    ) throws -> [Graph.ValueID] {
        try expression.learned.map { number in
            let shape = number.isPerChannel ? [1, shape(of: channels).channels, 1, 1] : [1]
            let value = parameter(
                "\(owner).\(number.name)", dimensions: [shape.reduce(1, *)],
                role: .constant(try formula.start(of: number, at: position)), shape: Shape(axes: shape))
            guard self.shape(of: value).axes == shape else {
                throw formula.refusal(
                    at: position, "@\(number.name) is one number in one formula and one a channel in another")
            }
            return value
        }
    }
}
