/// Why a claim could not be put to the test.
public enum ClaimError: Error, Equatable, CustomStringConvertible {
    case notFinite(network: String)
    case nothingMeasured(network: String)
    case unknown(word: String, known: [String], closest: String?)
    /// Of one's own functions.
    case inapplicable(word: String, reason: String)

    public var description: String {
        switch self {
        case .notFinite(let network):
            "The forward pass of \(network) left the range of its numbers, so the claim could not be measured."
        case .nothingMeasured(let network): "Nothing that the claim is about was met in \(network)."
        case .inapplicable(let word, let reason):
            "The claim \(word) cannot be made of these functions: \(reason)."
        case .unknown(let word, let known, let closest):
            "Unknown claim “\(word)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        }
    }
}
