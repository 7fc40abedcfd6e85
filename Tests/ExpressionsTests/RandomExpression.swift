import Expressions
import NumericalMethods
import ProofSupport

/// A formula of x, drawn from the grammar.
struct RandomExpression: PropertyCase {
    let expression: Expression
    /// Where it is looked at.
    let x: Double

    var description: String { "\(expression) at x = \(x)" }

    init(expression: Expression, x: Double) { (self.expression, self.x) = (expression, x) }

    init(seed: UInt64) {
        var stream = RandomStream(seed: seed, name: "expression")
        x = 2 * stream.uniform(in: -1..<1)
        expression = Self.draw(depth: 4, from: &stream)
    }

    private static func draw(depth: Int, from stream: inout RandomStream) -> Expression {
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

    /// Each part alone, and each part as x or 1.
    var simpler: [RandomExpression] {
        func simplerForms(of expression: Expression) -> [Expression] {
            guard !expression.parts.isEmpty else { return [] }
            return expression.parts + [.symbol(.x), 1]
                + expression.parts.indices.flatMap { index in
                    simplerForms(of: expression.parts[index]).map { simpler in
                        var parts = expression.parts
                        parts[index] = simpler
                        return expression.with(parts)
                    }
                }
        }
        return simplerForms(of: expression).filter { $0 != expression }.map {
            RandomExpression(expression: $0, x: x)
        }
    }
}

/// A value with a bound of what rounding may have done to it, and whether a part was at a kink or a jump within that.
struct RoundedValue {
    var value: Double
    /// To first order.
    var error: Double
    var isDecided = true

    /// The least size that counts as an error of a part, relative to the part.
    private static let roundoff = Double.ulpOfOne

    init(_ expression: Expression, at x: Double) {
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
