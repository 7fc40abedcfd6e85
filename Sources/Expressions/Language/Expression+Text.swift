extension Expression: CustomStringConvertible {
    /// In the grammar that it is read in, with no more parentheses than needed: it reads back as itself.
    public var description: String { text(inside: 0) }

    /// How tightly the outermost operation binds.
    private var rank: Int {
        switch self {
        case .compared: 1
        case .binary(.plus, _, _), .binary(.minus, _, _): 2
        case .binary(.times, .number(-1), _): 3
        case .binary(.times, _, _), .binary(.over, _, _): 3
        case .number(let number) where number < 0: 3
        case .binary(.power, _, _): 5
        default: 6
        }
    }

    private func text(inside outer: Int) -> String {
        let text =
            switch self {
            case .number(let number): Self.word(number)
            case .symbol(let symbol): symbol.rawValue
            case .learned(let number): "@" + number.name + (number.isPerChannel ? "[n]" : "")
            case .unary(let function, let u): "\(function.rawValue)(\(u))"
            case .binary(.min, let a, let b): "min(\(a), \(b))"
            case .binary(.max, let a, let b): "max(\(a), \(b))"
            case .binary(.leakyRelu, let a, let b): "leaky_relu(\(a), \(b))"
            case .clipped(let u, let a, let b): "clip(\(u), \(a), \(b))"
            case .binary(.times, .number(-1), let u): "-" + u.text(inside: 4)
            case .binary(let operation, let a, let b):
                switch operation {
                case .plus, .minus: "\(a.text(inside: 2)) \(operation.rawValue) \(b.text(inside: 3))"
                case .times, .over: "\(a.text(inside: 3))\(operation.rawValue)\(b.text(inside: 4))"
                default: "\(a.text(inside: 6))^\(b.text(inside: 5))"
                }
            case .compared(let a, let comparison, let b):
                "\(a.text(inside: 2)) \(comparison.rawValue) \(b.text(inside: 2))"
            case .choice(let condition, let a, let b): "where(\(condition), \(a), \(b))"
            }
        return rank < outer ? "(\(text))" : text
    }

    private static func word(_ number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
