import Foundation

/// Why a configuration cannot be predicted, in one sentence that says what to change.
public enum PredictionError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownShortcut(name: String)
    case unknownAfterAddition(unit: String)
    case unknownActivation(name: String)
    /// A formula without a value at a unit.
    case noValue(reason: String)
    /// A function without the Gaussian expectations that theory is made of.
    case noExpectation(function: String, law: String, reason: String)
    /// Batch statistics over so few values a channel that normalisation is no function of their size.
    case scarceStatistics(layer: String, values: Int)
    /// A number whose square, and products of it, leave the range of numbers.
    case outOfRange(quantity: String, value: Double)
    /// Elements behind f = ReLU, whose law is tabulated, outgrow every table.
    case outgrown(shortcut: String, units: Int)
    /// Energies of channels that come from below and of those that join on the way are too far apart for one number type.
    case apart(shortcut: String, units: Int)

    public var description: String {
        switch self {
        case .unknownShortcut(let name):
            "Theory has no moments for the shortcut \(name): measure it (in Swift, conform it to PredictableShortcut)."
        case .unknownAfterAddition(let unit):
            "The unit \(unit) has an after-addition function that is not made of batch normalisation and an activation."
        case .unknownActivation(let name):
            "Theory has no Gaussian expectations of the activation \(name): measure it, or write it as a formula "
                + "(in Swift, conform it to PredictableActivation)."
        case .noValue(let reason): reason
        case .noExpectation(let function, let law, let reason):
            "Theory needs the mean square of \(function) and of its slope over \(law), and it has none: \(reason). "
                + "Measure it instead."
        case .scarceStatistics(let layer, let values):
            "Theory takes batch statistics over many values, and \(layer) has \(values) a channel, which "
                + (values == 2 ? "normalisation turns into their signs" : "normalisation turns into 0")
                + ": take a larger batch."
        case .outOfRange(let quantity, let value):
            "Theory computes with squares of \(quantity), and \(value) is out of their range: "
                + "take a size between 1e-100 and 1e100."
        case .outgrown(let shortcut, let units):
            "Theory tabulates elements that remember their past, as behind f = ReLU, and from this x_0 they outgrow every table in \(units) units "
                + "with the shortcut \(shortcut): take a smaller factor, fewer units or a smaller x_0."
        case .apart(let shortcut, let units):
            "With the shortcut \(shortcut) over \(units) units, channels that come from x_0 and channels that join on the way "
                + "are too far apart for theory's numbers: take a factor closer to 1, or fewer units."
        }
    }
}

extension PredictionError {
    /// A place for a sentence.
    static func word(_ number: Double) -> String { String(format: "%.6g", number) }

    /// Makes sure that squares, and products of squares, of a number are numbers; 0 is one.
    static func requireRange(_ value: Double, of quantity: String) throws(PredictionError) {
        guard value == 0 || (1e-100...1e100).contains(abs(value)) else {
            throw .outOfRange(quantity: quantity, value: value)
        }
    }
}
