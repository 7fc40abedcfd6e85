import Operators

/// What the nodes of a file become, by their operators: opset 7 of ONNX and later ones, and a few of ONNX Runtime's.
///
/// A node becomes one operator of `Operators`, or several where those say the same; numbers that say what is to be computed
/// (shapes, axes, bounds) have to be known before the signal is.
enum OperatorCatalogue {
    /// The oldest set of ONNX's operators that is read: before it, operands were stretched to each other by attributes.
    static let oldestVersion = 7

    /// The operators that are read.
    static var names: Set<OperatorName> { Set(translations.keys) }

    /// Whether a node of a kind is read, as far as its kind tells.
    static func supports(domain: String, type: String, version: Int) -> Bool {
        translations[OperatorName(type, domain: domain)] != nil
            && (!domain.isEmpty || version >= oldestVersion)
    }

    /// The operators that a node becomes, applied to its operands.
    ///
    /// - Returns: for each of the node's outputs what it is; `nil` of those that are left out, and of second outputs that
    ///   nothing computes here (places of maxima, masks, statistics).
    /// - Throws: `NodeError`, and `OperatorError` where operands do not fit.
    static func translate(_ reading: inout NodeReading) throws -> [NodeReading.Operand?] {
        let name = reading.node.operatorName
        guard let translation = translations[name] else { throw refusal(of: name) }
        guard !name.domain.isEmpty || reading.version >= oldestVersion else {
            throw NodeError.version(reading.version, least: oldestVersion)
        }
        for (attribute, value) in reading.node.attributes.sorted(by: { $0.key < $1.key })
        where !has(attribute, name) { throw reading.unsupported(attribute, value) }
        let outputs = try translation.outputs(&reading)
        return reading.node.outputs.enumerated().map { index, name in
            name.isEmpty || index >= outputs.count ? nil : outputs[index]
        }
    }

    private static func refusal(of name: OperatorName) -> NodeError {
        if branching.contains(name.type) { return .branches(operation: name.type) }
        if random.contains(name.type) { return .random(operation: name.type) }
        if isQuantized(name.type) { return .quantized(operation: name.type) }
        return .unknown(name)
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
