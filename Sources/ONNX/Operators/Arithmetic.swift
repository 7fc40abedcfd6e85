import Operators

extension OperatorCatalogue {
    /// Of two operands or more, stretched to each other.
    static let arithmetic: [String: Translation] = [
        "Add": .operation(Add()), "Sub": .operation(Add.subtracting), "Mul": .operation(Mul()),
        "Div": .operation(Div()), "Pow": Translation { try $0.power() },
        "Mod": .operation { Mod(truncates: try $0.flag("fmod")) },
        "Sum": .operation(Add.ofAny), "Mean": .operation(Add.mean), "Max": .operation(Max()),
        "Min": .operation(Min()),
    ]

    /// Whose results are conditions.
    static let conditions: [String: Translation] = {
        var all: [String: Translation] = [
            "Not": .operation(Not(), type: .bool), "IsNaN": .operation(NumberTest(.isNaN), type: .bool),
            "IsInf": .operation(type: .bool) { reading in
                NumberTest(
                    .isInfinite(
                        detectsNegative: try reading.flag("detect_negative", default: true),
                        detectsPositive: try reading.flag("detect_positive", default: true)))
            },
        ]
        for relation in Comparison.Relation.allCases {
            all[relation.rawValue] = .operation(Comparison(relation), type: .bool)
        }
        for kind in Connective.Kind.allCases {
            all[kind.rawValue] = .operation(Connective(kind), type: .bool)
        }
        return all
    }()
}

extension NodeReading {
    /// The power of a whole number by a real one is whole as well.
    fileprivate mutating func power() throws -> Operand {
        let (base, exponent) = (try operand(0), try operand(1))
        guard !base.isReal, exponent.isReal else { return try apply(Pow(), to: base, exponent) }
        let power = try apply(Pow(), to: base, exponent, type: exponent.type)
        return try apply(Cast(to: .whole), to: power, type: base.type)
    }
}
