/// Why a network cannot be built or run.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
    case missingStatistics(name: String)
    case impossibleDepth(depth: Int, rule: String, nearest: [Int])
    case impossibleWidth(width: Int, reason: String)
    /// At one unit.
    case impossibleFormula(formula: String, reason: String)
    /// Batch statistics over one value a channel: whatever it is, normalisation makes it 0.
    case singleValueStatistics(name: String)

    public var description: String {
        switch self {
        case .missingStatistics(let name):
            "Inference mode has no running statistics for the batch normalisation \(name): calibrate first."
        case .impossibleDepth(let depth, let rule, let nearest):
            "Depth \(depth) is impossible: \(rule); the nearest possible "
                + (nearest.count == 1 ? "depth is " : "depths are ")
                + nearest.map(String.init).joined(separator: " and ") + "."
        case .impossibleWidth(let width, let reason):
            "Width \(width) is impossible: \(reason)."
        case .impossibleFormula(let formula, let reason):
            "The formula \(formula) is impossible here: \(reason)."
        case .singleValueStatistics(let name):
            "The batch normalisation \(name) would take its statistics over 1 value a channel, which turns every value "
                + "into 0: it needs at least 2 samples at a time (--batch; in training, --batch over --replicas)."
        }
    }
}
