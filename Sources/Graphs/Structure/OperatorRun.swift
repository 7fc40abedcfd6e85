import Operators

/// The operators by which a value comes of others, in the order of computation, as people would list them: what only moves
/// data is left out.
public struct OperatorRun: Sendable, Hashable {
    /// Their names, such as Conv, BatchNormalization, Relu.
    public let names: [String]
    /// How many of them are weight layers.
    public let weightLayers: Int

    /// - Parameters:
    ///   - starts: values that it begins behind.
    ///   - ends: values that it leads to.
    public init(from starts: [Graph.ValueID], to ends: [Graph.ValueID], in path: SignalPath) {
        var (behind, open) = (Set<Graph.ValueID>(), ends)
        let (stops, first) = (Set(starts), starts.min() ?? 0)
        while let value = open.popLast() {
            guard value >= first, !stops.contains(value), behind.insert(value).inserted else { continue }
            open += path.signalOperands(of: value).map(\.value)
        }
        // What comes of the starts, not what comes in from elsewhere.
        var reached = stops
        let values = behind.sorted().filter { value in
            let isReached =
                starts.isEmpty || path.signalOperands(of: value).contains { reached.contains($0.value) }
            if isReached { reached.insert(value) }
            return isReached && path.graph.nodes[value].operation != nil
        }
        names = values.filter { !path.movesData($0) }.compactMap { path.graph.nodes[$0].operation?.name }
        weightLayers = values.count { path.isWeightLayer($0) }
    }
}

extension OperatorRun: CustomStringConvertible {
    /// Such as “Conv Relu Conv”; of many the first and the last.
    public var description: String {
        guard !names.isEmpty else { return "identity" }
        let words = names.map(Self.abbreviated)
        guard words.count > Self.mostWords else { return words.joined(separator: " ") }
        let half = Self.mostWords / 2
        return words.prefix(half).joined(separator: " ") + " … " + words.suffix(half).joined(separator: " ")
            + " (\(words.count))"
    }

    private static let mostWords = 8

    /// Normalisations have long names in ONNX.
    private static func abbreviated(_ name: String) -> String {
        switch name {
        case "BatchNormalization": "BN"
        case "LayerNormalization": "LN"
        case "InstanceNormalization": "IN"
        case "GroupNormalization": "GN"
        case "RMSNormalization": "RMS"
        case "GlobalAveragePool": "GAP"
        default: name
        }
    }
}
