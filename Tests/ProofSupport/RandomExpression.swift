import Expressions
import NumericalMethods

/// A formula of x, drawn from the grammar.
public struct RandomExpression: PropertyCase {
    public let expression: Expression
    /// Where it is looked at.
    public let x: Double

    public var description: String { "\(expression) at x = \(x)" }

    public init(expression: Expression, x: Double) { (self.expression, self.x) = (expression, x) }

    public init(seed: UInt64) {
        var stream = RandomStream(seed: seed, name: "expression")
        x = 2 * stream.uniform(in: -1..<1)
        expression = Self.draw(depth: 4, from: &stream)
    }

    /// Whatever the grammar has: poles, jumps, and values outside a domain among it.
    public static func draw(depth: Int, from stream: inout RandomStream) -> Expression {
        func part() -> Expression { draw(depth: depth - 1, from: &stream) }
        guard depth > 0 else {
            return stream.integer(below: 3) > 0
                ? .symbol(.x) : .number(Double(stream.integer(below: 9)) / 2 - 2)
        }
        switch stream.integer(below: 12) {
        case 0: return .symbol(.x)
        case 1, 2, 3:
            return .unary(Function.allCases[stream.integer(below: Function.allCases.count)], part())
        case 4: return .choice(.compared(part(), .less, part()), part(), part())
        case 5: return .clipped(part(), -1, 1)
        case 6: return .binary(.power, part(), .number(Double(stream.integer(below: 4))))
        default:
            let operations = Expression.Operation.allCases.filter { $0 != .power }
            return .binary(operations[stream.integer(below: operations.count)], part(), part())
        }
    }

    /// Functions that are defined everywhere and grow no faster than x: a network of them stays finite.
    ///
    /// - Parameter leaves: what stands in it beside x and numbers, such as names of the place and learned numbers.
    public static func drawTame(
        depth: Int, leaves: [Expression], from stream: inout RandomStream
    ) -> Expression {
        func part() -> Expression { drawTame(depth: depth - 1, leaves: leaves, from: &stream) }
        func bounded() -> Expression {
            let functions: [Function] = [.sin, .cos, .tanh, .sigmoid, .erf]
            return .unary(functions[stream.integer(below: functions.count)], part())
        }
        guard depth > 0 else {
            switch stream.integer(below: 5) {
            case 0: return .number(Double(stream.integer(below: 9)) / 4 - 1)
            case 1 where !leaves.isEmpty: return leaves[stream.integer(below: leaves.count)]
            default: return .symbol(.x)
            }
        }
        switch stream.integer(below: 16) {
        case 0: return .symbol(.x)
        case 1, 2: return bounded()
        case 3:
            let functions: [Function] = [.softplus, .relu, .gelu, .silu, .abs]
            return .unary(functions[stream.integer(below: functions.count)], part())
        case 4, 5: return .binary(.times, bounded(), part())
        case 6, 7, 8: return .binary(.plus, part(), part())
        case 9: return .binary(.minus, part(), part())
        case 10: return .choice(.compared(part(), .less, part()), part(), part())
        case 11:
            let operations: [Expression.Operation] = [.min, .max]
            return .binary(operations[stream.integer(below: 2)], part(), part())
        case 12: return .binary(.leakyRelu, part(), .number(0.25))
        case 13: return .clipped(part(), -1, 1.5)
        case 14:
            let u = part()
            return .binary(.over, u, .binary(.plus, 1, .unary(.abs, u)))
        default:
            let square = Expression.binary(.power, part(), 2)
            switch stream.integer(below: 3) {
            case 0: return .unary(.exp, .binary(.times, -1, square))
            case 1: return .unary(.sqrt, .binary(.plus, 1, square))
            default: return .unary(.log, .binary(.plus, 1, square))
            }
        }
    }

    public var simpler: [RandomExpression] {
        expression.simplerForms.map { RandomExpression(expression: $0, x: x) }
    }
}

extension Expression {
    /// Each part alone, and each part as x or 1.
    public var simplerForms: [Expression] {
        guard !parts.isEmpty else { return [] }
        let inside = parts.indices.flatMap { index in
            parts[index].simplerForms.map { simpler in
                var parts = parts
                parts[index] = simpler
                return with(parts)
            }
        }
        return (parts + [.symbol(.x), 1] + inside).filter { $0 != self }
    }
}

/// A value with a bound of what rounding may have done to it, and whether a part was at a kink or a jump within that.
public struct RoundedValue {
    public var value: Double
    /// To first order.
    public var error: Double
    public var isDecided = true

    /// The least size that counts as an error of a part, relative to the part.
    private static let roundoff = Double.ulpOfOne

    public init(_ expression: Expression, at x: Double) {
        let parts = expression.parts.map { RoundedValue($0, at: x) }
        value =
            expression.parts.isEmpty
            ? expression.value([.x: x]) ?? .nan : expression.value(of: parts.map(\.value))
        // How the value answers to each part, by moving it.
        error = parts.isEmpty ? 0 : Self.roundoff * abs(value)
        for (index, part) in parts.enumerated() {
            isDecided = isDecided && part.isDecided && part.value.isFinite
            guard part.error > 0 else { continue }
            let step = max(4 * part.error, 1e-7 * abs(part.value), 1e-9)
            var moved = parts.map(\.value)
            moved[index] += step
            let up = expression.value(of: moved)
            moved[index] -= 2 * step
            let down = expression.value(of: moved)
            let slopes = (abs(up - value) / step, abs(value - down) / step)
            // A jump: the value moves by far more than a smooth function would.
            isDecided = isDecided && max(slopes.0, slopes.1) < 1e6
            error += max(slopes.0, slopes.1) * part.error
        }
        isDecided = isDecided && value.isFinite
    }
}
