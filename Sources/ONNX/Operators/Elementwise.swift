import Operators

extension OperatorCatalogue {
    /// Functions of single elements that networks put between their layers.
    static let activations: [String: Translation] = [
        "Relu": .operation(Relu()), "Sigmoid": .operation(Sigmoid()), "Tanh": .operation(Tanh()),
        "Softplus": .operation(Softplus()), "Softsign": .operation(Softsign()), "Mish": .operation(Mish()),
        "HardSwish": .operation(HardSwish()), "PRelu": .operation(PRelu()),
        "LeakyRelu": .operation { LeakyRelu(alpha: try $0.float("alpha", default: 0.01)) },
        "Elu": .operation { Elu(alpha: try $0.float("alpha", default: 1)) },
        "Celu": .operation { Celu(alpha: try $0.float("alpha", default: 1)) },
        "Selu": .operation {
            Selu(
                alpha: try $0.float("alpha", default: 1.673_263_2),
                gamma: try $0.float("gamma", default: 1.050_701))
        },
        "ThresholdedRelu": .operation { ThresholdedRelu(alpha: try $0.float("alpha", default: 1)) },
        "Shrink": .operation {
            Shrink(lambda: try $0.float("lambd", default: 0.5), bias: try $0.float("bias", default: 0))
        },
        "HardSigmoid": .operation {
            HardSigmoid(alpha: try $0.float("alpha", default: 0.2), beta: try $0.float("beta", default: 0.5))
        },
        "Gelu": .operation { Gelu(approximation: try $0.choice("approximate", default: .none)) },
        "Swish": .operation { Swish(alpha: try $0.float("alpha", default: 1)) },
        "Clip": Translation { try $0.clip() },
        // Of a network that does not train, whatever the node's mode is.
        "Dropout": Translation { try $0.apply(Identity(name: "Dropout"), to: $0.operand(0)) },
    ]

    static let functions: [String: Translation] = [
        "Identity": .operation(Identity()), "Neg": .operation(Neg()), "Abs": .operation(Abs()),
        "Reciprocal": .operation(Reciprocal()), "Sqrt": .operation(Sqrt()), "Exp": .operation(Exp()),
        "Log": .operation(Log()), "Erf": .operation(Erf()), "Sign": .operation(Sign()),
        "Floor": .operation(Floor()), "Ceil": .operation(Ceil()), "Round": .operation(Round()),
        "Sin": .operation(Sin()), "Cos": .operation(Cos()), "Tan": .operation(Tan()),
        "Asin": .operation(Asin()), "Acos": .operation(Acos()), "Atan": .operation(Atan()),
        "Sinh": .operation(Sinh()), "Cosh": .operation(Cosh()), "Asinh": .operation(Asinh()),
        "Acosh": .operation(Acosh()), "Atanh": .operation(Atanh()),
        "Cast": Translation { try $0.cast(to: $0.typeAttribute("to")) },
        "CastLike": Translation { try $0.cast(to: $0.operand(1).type) },
    ]
}

extension NodeReading {
    /// Bounds are operands from opset 11 on. Of whole numbers they stay exact.
    fileprivate mutating func clip() throws -> Operand {
        let x = try operand(0)
        guard !x.isReal else {
            return try apply(
                Clip(
                    from: try givenReal(1, "min") ?? givenFloat("min") ?? -.infinity,
                    to: try givenReal(2, "max") ?? givenFloat("max") ?? .infinity),
                to: x)
        }
        var clipped = try apply(Identity(), to: x)
        if let lowest = given(1) { clipped = try apply(Max(), to: clipped, lowest) }
        if let highest = given(2) { clipped = try apply(Min(), to: clipped, highest) }
        return clipped
    }

    /// An element type that an attribute names by its number.
    func typeAttribute(_ name: String) throws -> ElementType {
        let number = try required(name, givenInt)
        guard let type = ElementType(rawValue: number) else { throw unsupported(name, number) }
        return type
    }

    /// The first operand as numbers of another type.
    mutating func cast(to type: ElementType) throws -> Operand {
        let x = try operand(0)
        guard let source = x.type.castKind else { throw unsupported("operand type", x.type) }
        guard let target = type.castKind else { throw unsupported("to", type) }
        return try apply(Cast(from: source, to: target), to: x, type: type)
    }
}

extension ElementType {
    /// What `Cast` calls numbers of this type; `nil` of types that have none.
    var castKind: Cast.Kind? {
        switch kind {
        case .real: .real
        case .whole: .whole
        case .condition: .condition
        case .unsupported: nil
        }
    }
}
