/// Why a configuration cannot be predicted, in one sentence that says what to change.
public enum PredictionError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownShortcut(name: String)
    case unknownAfterAddition(unit: String)
    /// Batch statistics over so few values a channel that normalisation is no function of their size.
    case scarceStatistics(layer: String, values: Int)

    public var description: String {
        switch self {
        case .unknownShortcut(let name):
            "The shortcut \(name) does not say what it does to moments: conform it to PredictableShortcut."
        case .unknownAfterAddition(let unit):
            "The unit \(unit) has an after-addition function that is not made of batch normalisation and ReLU."
        case .scarceStatistics(let layer, let values):
            "Theory takes batch statistics over many values, and \(layer) has \(values) a channel, which "
                + (values == 2 ? "normalisation turns into their signs" : "normalisation turns into 0")
                + ": take a larger batch."
        }
    }
}
