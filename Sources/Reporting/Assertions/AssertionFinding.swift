/// What an assertion came to.
public struct AssertionFinding: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case holds
        case fails
        /// A number that it needs is not there.
        case cannotSay(String)

        static let words = ["holds", "fails", "cannot say"]

        var word: String {
            switch self {
            case .holds: Self.words[0]
            case .fails: Self.words[1]
            case .cannotSay: Self.words[2]
            }
        }
    }

    /// The assertion as it was written.
    public let text: String
    public let outcome: Outcome
    /// The sides of its comparisons, from left to right; none where it cannot say.
    public let values: [Double]
    /// The word that it asks for, as it was found; `nil` of numbers.
    public let found: String?
    /// Which seeds it speaks of; `nil` for one run.
    public let seeds: String?

    init(
        text: String, outcome: Outcome, values: [Double], found: String? = nil, seeds: String? = nil
    ) {
        self.text = text
        self.outcome = outcome
        self.values = values
        self.found = found
        self.seeds = seeds
    }

    /// Why a number is not to be had.
    struct Unknown: Error {
        let reason: String
    }

    /// The outcome in words, with the numbers.
    public var sentence: String {
        let sides = found ?? values.map { NumberStyle.significant(6).text($0) }.joined(separator: ", ")
        let place = seeds.map { " (\($0))" } ?? ""
        if case .cannotSay(let reason) = outcome { return "\(outcome.word): \(reason)\(place)" }
        return sides.isEmpty ? "\(outcome.word)\(place)" : "\(outcome.word): \(sides)\(place)"
    }
}
