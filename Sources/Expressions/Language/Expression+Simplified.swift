/// Expressions put together so that there is less to compute: constants folded, neutral elements and double signs dropped,
/// like terms gathered, factors in front.
///
/// Numbers may be rounded otherwise; nothing else changes, as long as no part is infinite or no number at all.
extension Expression {
    /// The same function, put together anew.
    public var simplified: Expression {
        let parts = parts.map(\.simplified)
        return switch self {
        case .number, .symbol, .learned: self
        case .unary(let function, _): .apply(function, parts[0])
        case .binary(let operation, _, _): .combine(operation, parts[0], parts[1])
        case .compared(_, let relation, _): .compare(parts[0], relation, parts[1])
        case .choice: .select(parts[0], parts[1], parts[2])
        case .clipped: with(parts).folded ?? with(parts)
        }
    }

    /// A number, where all parts are and it is finite.
    private var folded: Expression? {
        var values: [Double] = []
        for part in parts {
            guard case .number(let value) = part else { return nil }
            values.append(value)
        }
        let value = value(of: values)
        return value.isFinite ? .number(value) : nil
    }

    static func combine(_ operation: Operation, _ a: Expression, _ b: Expression) -> Expression {
        switch operation {
        case .plus: a + b
        case .minus: a - b
        case .times: a * b
        case .over: a / b
        case .power: a.power(b)
        case .leakyRelu where b == 1: a
        case .min, .max, .leakyRelu:
            if a == b, operation != .leakyRelu {
                a
            } else {
                Expression.binary(operation, a, b).folded ?? .binary(operation, a, b)
            }
        }
    }

    static func apply(_ function: Function, _ u: Expression) -> Expression {
        let plain = Expression.unary(function, u)
        if let folded = plain.folded { return folded }
        // They depend on the sign alone.
        guard [.step, .sign].contains(function) else { return plain }
        let (factor, rest) = u.factored
        return factor == 1 || factor == -1 || factor == 0
            ? plain : .unary(function, factor > 0 ? rest : -rest)
    }

    static func compare(_ a: Expression, _ relation: Relation, _ b: Expression) -> Expression {
        Expression.compared(a, relation, b).folded ?? .compared(a, relation, b)
    }

    static func select(_ condition: Expression, _ a: Expression, _ b: Expression) -> Expression {
        if case .number(let value) = condition { return value != 0 ? a : b }
        if a == 1, b == 0, condition.isTruth { return condition }
        return a == b ? a : .choice(condition, a, b)
    }

    /// Whether it is 1 or 0, whatever x is.
    private var isTruth: Bool {
        switch self {
        case .compared: true
        case .binary(.times, let a, let b): a.isTruth && b.isTruth
        default: false
        }
    }

    static prefix func - (u: Expression) -> Expression {
        switch u {
        case .number(let number): .number(-number)
        case .binary(.minus, let a, let b): b - a
        default: -1 * u
        }
    }

    static func + (a: Expression, b: Expression) -> Expression {
        switch (a, b) {
        case (.number(0), let u), (let u, .number(0)): return u
        case (.binary(.plus, let u, .number(let c)), .number(let d)) where (c + d).isFinite:
            return u + .number(c + d)
        case (.binary(.minus, let u, .number(let c)), .number(let d)) where (d - c).isFinite:
            return u + .number(d - c)
        case (_, .number(let c)) where c < 0: return a - .number(-c)
        default: break
        }
        let plain = Expression.binary(.plus, a, b)
        if let folded = plain.folded { return folded }
        let (first, second) = (a.factored, b.factored)
        if first.rest == second.rest, (first.factor + second.factor).isFinite {
            return .number(first.factor + second.factor) * first.rest
        }
        return second.factor < 0 ? a - .number(-second.factor) * second.rest : plain
    }

    static func - (a: Expression, b: Expression) -> Expression {
        switch (a, b) {
        case (let u, .number(0)): return u
        case (.number(0), let u): return -u
        case (.binary(.plus, let u, .number(let c)), .number(let d)) where (c - d).isFinite:
            return u + .number(c - d)
        case (.binary(.minus, let u, .number(let c)), .number(let d)) where (c + d).isFinite:
            return u - .number(c + d)
        case (_, .number(let c)) where c < 0: return a + .number(-c)
        default: break
        }
        let plain = Expression.binary(.minus, a, b)
        if let folded = plain.folded { return folded }
        let (first, second) = (a.factored, b.factored)
        if first.rest == second.rest, (first.factor - second.factor).isFinite {
            return .number(first.factor - second.factor) * first.rest
        }
        return second.factor < 0 ? a + .number(-second.factor) * second.rest : plain
    }

    static func * (a: Expression, b: Expression) -> Expression {
        switch (a, b) {
        case (.number(0), _), (_, .number(0)): return 0
        case (.number(1), let u), (let u, .number(1)): return u
        case (.number, .number): return Expression.binary(.times, a, b).folded ?? .binary(.times, a, b)
        case (let u, .number): return b * u
        case (.number(-1), .binary(.minus, let u, let v)): return v - u
        case (.number(let c), .binary(.over, .number(let d), let u)) where (c * d).isFinite && c * d != 0:
            return .number(c * d) / u
        default: break
        }
        let (first, second) = (a.factored, b.factored)
        let factor = first.factor * second.factor
        // An overflow or an underflow would change the value.
        guard first.factor != 1 || second.factor != 1, factor.isFinite, factor != 0 else {
            return a == b ? a.power(2) : .binary(.times, a, b)
        }
        let rest =
            switch (first.rest, second.rest) {
            case (.number(1), let u), (let u, .number(1)): u
            case (let u, let v): u * v
            }
        return factor == 1 ? rest : .binary(.times, .number(factor), rest)
    }

    static func / (a: Expression, b: Expression) -> Expression {
        let plain = Expression.binary(.over, a, b)
        switch (a, b) {
        case (.number(0), _) where b != 0: return 0
        case (let u, .number(1)): return u
        case (.binary(.times, .number(let c), let u), .number(let d))
        where d != 0 && (c / d).isFinite && c / d != 0:
            return .number(c / d) * u
        default: return plain.folded ?? plain
        }
    }

    func power(_ exponent: Expression) -> Expression {
        switch exponent {
        case .number(0): return 1
        case .number(1): return self
        default:
            let plain = Expression.binary(.power, self, exponent)
            return self == 1 ? 1 : plain.folded ?? plain
        }
    }

    /// c·u, as its factor and the rest.
    private var factored: (factor: Double, rest: Expression) {
        switch self {
        case .number(let number): (number, 1)
        case .binary(.times, .number(let factor), let rest): (factor, rest)
        case .binary(.over, let rest, .number(let divisor)) where (1 / divisor).isNormal: (1 / divisor, rest)
        default: (1, self)
        }
    }
}
