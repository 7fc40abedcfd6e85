/// Why a configuration cannot be predicted, in one sentence that says what to change.
public enum PredictionError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownShortcut(name: String)
    case unknownAfterAddition(unit: String)

    public var description: String {
        switch self {
        case .unknownShortcut(let name):
            "The shortcut \(name) does not say what it does to moments: conform it to PredictableShortcut."
        case .unknownAfterAddition(let unit):
            "The unit \(unit) has an after-addition function that is not made of batch normalisation and ReLU."
        }
    }
}
