import Operators

extension OperatorCatalogue {
    /// Operators of ONNX Runtime, which its optimiser puts in the place of several of ONNX's.
    static let ofRuntime: [String: Translation] = [
        "Gelu": .operation(Gelu()),
        "BiasGelu": Translation { try $0.biased { try $0.apply(Gelu(), to: $1) } },
        "FastGelu": Translation { try $0.biased { try $0.apply(Gelu(approximation: .tanh), to: $1) } },
        "QuickGelu": .operation { Swish(alpha: try $0.float("alpha", default: 1.702)) },
        "FusedMatMul": Translation { try $0.fusedMatMul() },
        "SimplifiedLayerNormalization": .operation { try $0.standardization(subtractsMean: false) },
        "SkipLayerNormalization": Translation(outputs: { try $0.skipNormalization(subtractsMean: true) }),
        "SkipSimplifiedLayerNormalization": Translation(
            outputs: { try $0.skipNormalization(subtractsMean: false) }),
    ]
}

extension NodeReading {
    /// A function of the sum of the first operand and a bias, where there is one.
    fileprivate mutating func biased(
        _ function: (inout NodeReading, Operand) throws -> Operand
    ) throws -> Operand {
        let x = try operand(0)
        return try function(&self, given(1).map { try apply(Add(), to: x, $0) } ?? x)
    }

    /// α times a product of matrices that are perhaps read transposed.
    fileprivate mutating func fusedMatMul() throws -> Operand {
        for name in ["transBatchA", "transBatchB"] { try require(name, isOneOf: [0], default: 0) }
        let product = try apply(
            MatMul(transposesFirst: flag("transA"), transposesSecond: flag("transB")), to: operands())
        let alpha = try float("alpha", default: 1)
        return alpha == 1 ? product : try apply(Mul(), to: product, number(alpha, like: product))
    }

    /// The sum of two operands, which is the fourth output, and its normalisation: a merge, and what follows it.
    fileprivate mutating func skipNormalization(subtractsMean: Bool) throws -> [Operand?] {
        let parameters = subtractsMean ? 2..<4 : 2..<3
        var sum = try apply(Add(), to: operand(0), operand(1))
        if let bias = given(parameters.upperBound) { sum = try apply(Add(), to: sum, bias) }
        let standardization = Standardization(
            over: .trailingAxes(from: -1), epsilon: try float("epsilon", default: 1e-12),
            subtractsMean: subtractsMean)
        let normalized = try apply(standardization, to: [sum] + parameters.compactMap(given))
        return [normalized, nil, nil, sum]
    }
}
