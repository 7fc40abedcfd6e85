import Foundation

/// A formula of one element x, of the place of a unit in its network, and of learned numbers.
///
/// Written in the grammar of `SyntaxTree`, with the names of `ExpressionReader`; differentiated symbolically, simplified,
/// and shown in normal form.
public indirect enum Expression: Sendable, Hashable {
    case number(Double)
    case symbol(Symbol)
    case learned(LearnedNumber)
    case unary(Function, Expression)
    case binary(Operation, Expression, Expression)
    /// 1 where it holds, else 0.
    case compared(Expression, Relation, Expression)
    /// The second where the first is not 0, else the third.
    case choice(Expression, Expression, Expression)
    /// The first, but no less than the second and no more than the third.
    case clipped(Expression, Expression, Expression)

    /// What a name stands for at one element of one unit.
    public enum Symbol: String, Sendable, Hashable, CaseIterable {
        /// The element.
        case x
        /// l, the unit, from 0.
        case unit = "l"
        /// L, the number of units.
        case units = "L"
        /// s, the stage, from 0.
        case stage = "s"
        /// n, the channels of x_{l+1}.
        case width = "n"
        /// t = l/L.
        case depth = "t"
    }

    public enum Operation: String, Sendable, Hashable, CaseIterable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
        case power = "^"
        case min, max
        /// The first above 0, the second times it elsewhere.
        case leakyRelu = "leaky_relu"

        public func value(_ a: Double, _ b: Double) -> Double {
            switch self {
            case .plus: a + b
            case .minus: a - b
            // A factor of 0 decides: sqrt(relu(x)) has the slope 0 below 0, where that of the root is infinite.
            case .times: a == 0 || b == 0 ? 0 : a * b
            case .over: a / b
            case .power: Self.power(a, b)
            case .min: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
            case .max: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
            case .leakyRelu: a > 0 ? a : b * a
            }
        }

        private static func power(_ a: Double, _ b: Double) -> Double { b == 2 ? a * a : pow(a, b) }

        /// Why no number comes of a and b, where they are outside the domain.
        public func obstacle(_ a: Double, _ b: Double) -> String? {
            switch self {
            case .over where b == 0: "division by zero"
            case .power where a == 0 && b < 0: "a negative power of 0"
            case .power where a < 0 && b != b.rounded(): "a fractional power of a negative number"
            default: nil
            }
        }
    }
}

extension Arithmetic {
    public var operation: Expression.Operation {
        switch self {
        case .plus: .plus
        case .minus: .minus
        case .times: .times
        case .over: .over
        case .power: .power
        }
    }
}

/// A trainable number of an expression.
public struct LearnedNumber: Sendable, Hashable {
    /// Without its @.
    public let name: String
    /// Whether every channel has its own: @a[n].
    public let isPerChannel: Bool

    public init(name: String, isPerChannel: Bool = false) {
        self.name = name
        self.isPerChannel = isPerChannel
    }
}

extension Expression: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
}

extension Expression {
    /// What it is made of, one level down.
    public var parts: [Expression] {
        switch self {
        case .number, .symbol, .learned: []
        case .unary(_, let u): [u]
        case .binary(_, let a, let b), .compared(let a, _, let b): [a, b]
        case .choice(let a, let b, let c), .clipped(let a, let b, let c): [a, b, c]
        }
    }

    /// The same of other parts.
    public func with(_ parts: [Expression]) -> Expression {
        switch self {
        case .number, .symbol, .learned: self
        case .unary(let function, _): .unary(function, parts[0])
        case .binary(let operation, _, _): .binary(operation, parts[0], parts[1])
        case .compared(_, let comparison, _): .compared(parts[0], comparison, parts[1])
        case .choice: .choice(parts[0], parts[1], parts[2])
        case .clipped: .clipped(parts[0], parts[1], parts[2])
        }
    }

    /// Numbers, names, functions and operations together.
    public var size: Int { parts.reduce(1) { $0 + $1.size } }

    /// Levels from the top down.
    public var depth: Int { 1 + (parts.map(\.depth).max() ?? 0) }

    public func contains(_ symbol: Symbol) -> Bool { contains(.symbol(symbol)) }

    public func contains(_ part: Expression) -> Bool { self == part || parts.contains { $0.contains(part) } }

    /// In the order in which they occur.
    public var learned: [LearnedNumber] {
        if case .learned(let number) = self { return [number] }
        return parts.flatMap(\.learned).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// λ where it is λ·symbol, put together as simplification does; 0 where it is 0.
    public func factor(of symbol: Symbol) -> Double? {
        switch self {
        case .symbol(symbol): 1
        case .binary(.times, .number(let factor), .symbol(symbol)): factor
        case .binary(.over, .symbol(symbol), .number(let divisor)) where (1 / divisor).isFinite: 1 / divisor
        case .number(0): 0
        default: nil
        }
    }

    /// The first part that has no finite value there though its own parts have, and why; without a reason where it leaves
    /// the range of numbers. Parts with a symbol or a learned number that is not given are passed over.
    public func obstacle(
        _ symbols: [Symbol: Double], learned: [LearnedNumber: Double] = [:]
    ) -> (part: Expression, reason: String?)? {
        func value(_ part: Expression) -> Double? { part.value(symbols, learned: learned) }
        if case .choice(let condition, let a, let b) = self, let chosen = value(condition) {
            return condition.obstacle(symbols, learned: learned)
                ?? (chosen != 0 ? a : b).obstacle(symbols, learned: learned)
        }
        for part in parts { if let found = part.obstacle(symbols, learned: learned) { return found } }
        // Whatever is divided.
        if case .binary(.over, _, let divisor) = self, value(divisor) == 0 {
            return (self, Operation.over.obstacle(1, 0))
        }
        guard let result = value(self), !result.isFinite else { return nil }
        let values = parts.compactMap(value)
        let reason: String? =
            switch self {
            case .unary(let function, _): function.obstacle(at: values[0])
            case .binary(let operation, _, _): operation.obstacle(values[0], values[1])
            default: nil
            }
        return (self, reason)
    }

    /// Whether some finite x is outside its domain.
    public var hasDomain: Bool {
        switch self {
        case .unary(.log, _), .unary(.sqrt, _): true
        case .binary(.over, _, .number(let divisor)) where divisor != 0: parts[0].hasDomain
        case .binary(.power, _, .number(let power)) where power >= 0 && power == power.rounded():
            parts[0].hasDomain
        case .binary(.over, _, _), .binary(.power, _, _): true
        default: parts.contains(where: \.hasDomain)
        }
    }

    /// With numbers in place of some symbols and learned numbers.
    public func bound(
        _ values: [Symbol: Double], learned: [LearnedNumber: Double] = [:]
    ) -> Expression {
        switch self {
        case .symbol(let symbol): values[symbol].map(Expression.number) ?? self
        case .learned(let number): learned[number].map(Expression.number) ?? self
        default: with(parts.map { $0.bound(values, learned: learned) })
        }
    }

    /// c where it is c·x, c without x; `nil` for everything else.
    public var linearFactor: Expression? {
        let slope = derivative()
        guard !slope.contains(.x), !mayJump, bound([.x: 0]).simplified == 0 else { return nil }
        return slope
    }

    /// Whether it may jump where x changes: sign(x) has the slope 0 everywhere, and is not 0·x.
    private var mayJump: Bool {
        switch self {
        case .unary(.sign, _), .unary(.step, _), .compared: contains(.x)
        case .choice(let condition, let a, let b): condition.contains(.x) || a.mayJump || b.mayJump
        default: parts.contains(where: \.mayJump)
        }
    }

    /// In Double; `nil` where something in it has no value.
    public func value(
        _ symbols: [Symbol: Double] = [:], learned: [LearnedNumber: Double] = [:]
    ) -> Double? {
        switch self {
        case .number(let number): return number
        case .symbol(let symbol): return symbols[symbol]
        case .learned(let number): return learned[number]
        default:
            var values: [Double] = []
            for part in parts {
                guard let value = part.value(symbols, learned: learned) else { return nil }
                values.append(value)
            }
            return value(of: values)
        }
    }

    /// What comes of its parts' values.
    public func value(of parts: [Double]) -> Double {
        switch self {
        case .number(let number): number
        case .symbol, .learned: .nan
        case .unary(let function, _): function.value(at: parts[0])
        case .binary(let operation, _, _): operation.value(parts[0], parts[1])
        case .compared(_, let comparison, _): comparison.holds(parts[0], parts[1]) ? 1 : 0
        case .choice: parts[0] != 0 ? parts[1] : parts[2]
        // A NaN stays one; of bounds that leave nothing between them the upper one counts.
        case .clipped: parts[0].isNaN ? .nan : Swift.min(Swift.max(parts[0], parts[1]), parts[2])
        }
    }
}
