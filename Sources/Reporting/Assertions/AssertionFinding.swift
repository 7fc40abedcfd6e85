import Expressions

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
    /// What stands between two sides that follow each other.
    let comparisons: [Relation]
    /// Which seeds it speaks of; `nil` for one run.
    public let seeds: String?

    init(
        text: String, outcome: Outcome, values: [Double] = [], comparisons: [Relation] = [],
        found: String? = nil, seeds: String? = nil
    ) {
        self.text = text
        self.outcome = outcome
        self.values = values
        self.found = found
        self.comparisons = comparisons
        self.seeds = seeds
    }

    /// Why a number is not to be had.
    struct Unknown: Error {
        let reason: String
    }

    /// The outcome in words with the numbers: `fails: −0.1142 is not > −0.01`.
    ///
    /// - Parameter minus: the sign of a negative number, typeset or a plain hyphen.
    public func sentence(minus: String) -> String {
        let place = seeds.map { " (\($0))" } ?? ""
        let numbers =
            switch outcome {
            case .holds: found ?? chain(minus: minus)
            case .fails: found.map { "it is \($0)" } ?? failures(minus: minus)
            case .cannotSay(let reason): reason
            }
        return outcome.word + (numbers.isEmpty ? "" : ": \(numbers)") + place
    }

    /// All sides with what stands between them: `−1 < 0.25 < 1`.
    private func chain(minus: String) -> String {
        let sides = texts(of: Array(values.indices), minus: minus)
        return zip(sides, [""] + comparisons.map { " \($0.rawValue) " }).map { $1 + $0 }.joined()
    }

    /// The links that do not hold: `2 is not < 1`.
    private func failures(minus: String) -> String {
        comparisons.indices.filter { !comparisons[$0].holds(values[$0], values[$0 + 1]) }.map { link in
            let sides = texts(of: [link, link + 1], minus: minus)
            return "\(sides[0]) is not \(comparisons[link].rawValue) \(sides[1])"
        }.joined(separator: "; ")
    }

    /// Some of the sides as text: four digits, or as many as leave neighbours in the order that they are in.
    private func texts(of sides: [Int], minus: String) -> [String] {
        let numbers = sides.map { values[$0] }
        let digits = (4..<17).first { digits in
            let rounded = numbers.map { Self.style($0, digits: digits).text($0) }.map { Double($0) ?? .nan }
            return zip(numbers.indices, numbers.indices.dropFirst()).allSatisfy {
                (numbers[$0] < numbers[$1]) == (rounded[$0] < rounded[$1])
                    && (numbers[$0] > numbers[$1]) == (rounded[$0] > rounded[$1])
            }
        }
        return numbers.map { number in
            // The logarithm of an exact 0.
            if number == -.infinity { return "\(minus)∞" }
            if let whole = Int(exactly: number), whole.magnitude < 1_000_000_000_000 {
                return Quantity.grouped(whole).replacing("-", with: minus)
            }
            return Self.style(number, digits: digits ?? 17).trimmed(number, minus: minus)
        }
    }

    /// Whole numbers, and others of at most six digits, stay as they are: a bound reads as it was written.
    private static func style(_ value: Double, digits: Int) -> NumberStyle {
        if value == value.rounded(), abs(value) < 1e12 { return .count }
        let isShort = Double(NumberStyle.significant(6).text(value)) == value
        return .significant(isShort ? 6 : digits)
    }
}
