import Operators

/// What the nodes of a file become, by their operators: opset 7 of ONNX and later ones, and a few of ONNX Runtime's.
///
/// A node becomes one operator of `Operators`, or several where those say the same; numbers that say what is to be
/// computed (shapes, axes, bounds) have to be known before the signal is.
enum OperatorCatalogue {
    /// The oldest set of ONNX's operators that is read: before it, operands were stretched to each other by attributes.
    static let oldestVersion = 7

    /// The operators that are read.
    static var names: Set<OperatorName> { Set(translations.keys) }

    /// Whether nodes of a kind are read, as far as their kind tells.
    static func supports(domain: String, type: String, version: Int) -> Bool {
        refusal(of: OperatorName(type, domain: domain), version: version) == nil
    }

    /// Why nodes of a kind are not read; `nil` of those that are.
    static func refusal(of name: OperatorName, version: Int) -> NodeError? {
        if translations[name] != nil {
            return name.domain.isEmpty && version < oldestVersion
                ? .version(version, least: oldestVersion) : nil
        }
        if branching.contains(name.type) { return .branches(operation: name.type) }
        if random.contains(name.type) { return .random(operation: name.type) }
        return isQuantized(name.type) ? .quantized(operation: name.type) : .unknown(name)
    }

    /// The operators that a node becomes, applied to its operands.
    ///
    /// - Returns: for each of the node's outputs what it is; `nil` of those that are left out, and of second outputs
    ///   that nothing computes here (places of maxima, masks, statistics).
    /// - Throws: `NodeError`, and `OperatorError` where operands do not fit.
    static func translate(_ reading: inout NodeReading) throws -> [NodeReading.Operand?] {
        let name = reading.node.operatorName
        if let refusal = refusal(of: name, version: reading.version) { throw refusal }
        for (attribute, value) in reading.node.attributes.sorted(by: { $0.key < $1.key })
        where !has(attribute, name) { throw reading.unsupported(attribute, value) }
        let outputs = try translations[name]?.outputs(&reading) ?? []
        return reading.node.outputs.enumerated().map { index, name in
            name.isEmpty || index >= outputs.count ? nil : outputs[index]
        }
    }

    private static let branching: Set = ["If", "Loop", "Scan", "SequenceMap"]
    private static let random: Set = [
        "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
    ]

    private static func isQuantized(_ type: String) -> Bool {
        type.hasPrefix("QLinear") || type.hasPrefix("QOrdered") || type.lowercased().contains("quantize")
            || [
                "ConvInteger", "MatMulInteger", "MatMulIntegerToFloat", "MatMulNBits", "MatMulBnb4",
                "QAttention", "QGemm", "QEmbedLayerNormalization",
            ].contains(type)
    }

    private static let translations: [OperatorName: Translation] = {
        var all: [OperatorName: Translation] = [:]
        for (type, translation) in families.joined() { all[OperatorName(type)] = translation }
        for (type, translation) in ofRuntime {
            all[OperatorName(type, domain: "com.microsoft")] = translation
        }
        return all
    }()

    private static let families = [
        activations, functions, arithmetic, conditions, linear, pools, normalizations, attentions, reductions,
        shapes, movements, selections, resamplings, constants,
    ]
}
