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
        let values = path.operators(from: starts, to: ends)
        names = values.filter { !path.movesData($0) }.compactMap { path.graph.nodes[$0].operation?.name }
        weightLayers = values.count { path.isWeightLayer($0) }
    }
}

extension OperatorRun: CustomStringConvertible {
    /// Such as “Conv Relu Conv”; of many the first and the last.
    public var description: String {
        names.isEmpty ? "identity" : Self.text(of: names.map(Self.shortName(of:)))
    }

    /// The words of a run; of many the first and the last, and how many there are.
    public static func text(of words: [String]) -> String {
        guard words.count > mostWords else { return words.joined(separator: " ") }
        let half = mostWords / 2
        return words.prefix(half).joined(separator: " ") + " … " + words.suffix(half).joined(separator: " ")
            + " (\(words.count))"
    }

    private static let mostWords = 8

    /// What people call an operator: normalisations have long names in ONNX.
    public static func shortName(of name: String) -> String {
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

extension SignalPath {
    /// The values that come of some others and lead to further ones, which are among them, in the order of computation.
    /// What only moves data is one of them too.
    ///
    /// - Parameter starts: values that they come of; of no start, of the inputs.
    public func operators(from starts: [Graph.ValueID], to ends: [Graph.ValueID]) -> [Graph.ValueID] {
        var (behind, open) = (Set<Graph.ValueID>(), ends)
        let (stops, first) = (Set(starts), starts.min() ?? 0)
        while let value = open.popLast() {
            guard value >= first, !stops.contains(value), behind.insert(value).inserted else { continue }
            open += signalOperands(of: value).map(\.value)
        }
        // What comes of the starts, not what comes in from elsewhere.
        var reached = stops
        return behind.sorted().filter { value in
            let isReached =
                starts.isEmpty || signalOperands(of: value).contains { reached.contains($0.value) }
            if isReached { reached.insert(value) }
            return isReached && graph.nodes[value].operation != nil
        }
    }
}
