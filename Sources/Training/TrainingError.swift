import Limits

/// Why training cannot go on, in one sentence.
public enum TrainingError: Error, Equatable, Sendable {
    /// A parameter whose extent is not the network's.
    case otherDimensions(name: String, expected: [Int], found: [Int])
    /// A parameter of the network that was not given.
    case missingParameter(name: String)
    /// A parameter that the network does not have.
    case unknownParameter(name: String)
    /// A batch that replicas cannot share evenly.
    case unevenReplicas(batch: Int, replicas: Int)
    /// A number of the recipe that no training can have.
    case impossibleRecipe(String)
    /// A loss that is not finite, in an iteration counted from 1, and where that began.
    case notFinite(iteration: Int, NonFinitePlace)
    /// Bytes needed, and what there is.
    case doesNotFit(needed: Int, available: MemoryAllowance)
}

extension TrainingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .otherDimensions(let name, let expected, let found):
            "\(name) has the dimensions \(found) and the network needs \(expected)."
        case .missingParameter(let name):
            "The network needs a parameter \(name), and there is none."
        case .unknownParameter(let name):
            "There is a parameter \(name), and the network has none of that name."
        case .unevenReplicas(let batch, let replicas):
            "A batch of \(batch) cannot be split evenly over \(replicas) replicas."
        case .impossibleRecipe(let requirement):
            "This recipe cannot be used: \(requirement)."
        case .doesNotFit(let needed, let available):
            "Training needs about \(ByteCount.words(needed)) of memory and \(available.clause): "
                + "lower the batch, the depth or the width, or give the batch to more replicas."
        case .notFinite(let iteration, let place):
            "Training broke off: \(place.clause(iteration: String(iteration)))."
        }
    }
}
